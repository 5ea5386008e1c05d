"""Proofs of the metering commands."""
