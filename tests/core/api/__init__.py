"""Proofs of what every part of the API has in common."""
