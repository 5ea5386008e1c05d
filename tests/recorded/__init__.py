"""Proofs on recorded notifications, in the folder that TELEMETRY_RECORDED_NOTIFICATIONS names."""
