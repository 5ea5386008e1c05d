"""Proofs of the demo cloud."""
