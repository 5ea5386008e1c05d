"""Proofs of what the metering commands share."""
