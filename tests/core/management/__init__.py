"""Proofs of the shared commands."""
