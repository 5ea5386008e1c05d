"""Proofs of the query languages."""
