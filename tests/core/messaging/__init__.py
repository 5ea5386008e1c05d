"""Proofs of telemetry_site/core/messaging."""
