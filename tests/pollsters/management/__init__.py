"""Proofs of the commands."""
