"""Proofs of what commands have in common."""
