"""Proofs of how events are kept."""
