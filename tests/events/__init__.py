"""Proofs of events."""
