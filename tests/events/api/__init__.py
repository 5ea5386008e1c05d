"""Proofs of the events API."""
