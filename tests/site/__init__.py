"""Proofs of the project that puts the apps together."""
