"""Proofs of the commands of the project."""
