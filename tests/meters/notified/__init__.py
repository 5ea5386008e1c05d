"""Proofs of samples made of notifications."""
