"""Proofs of the supervisor, piece by piece."""
