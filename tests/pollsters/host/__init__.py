"""Proofs of polling the machine we run on."""
