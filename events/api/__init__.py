"""The events part of the v2 API."""
