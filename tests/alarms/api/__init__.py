"""Proofs of the alarms' part of the API."""
