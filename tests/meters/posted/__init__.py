"""Proofs of how posted samples are read and answered."""
