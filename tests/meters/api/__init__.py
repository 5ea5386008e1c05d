"""Proofs of the metering API."""
