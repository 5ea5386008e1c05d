"""Proofs of polling."""
