"""Tests of telemetry_site/core/definitions."""
