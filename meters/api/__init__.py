"""The metering part of the v2 REST API."""
