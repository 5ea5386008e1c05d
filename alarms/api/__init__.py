"""The alarms part of the v2 API."""
