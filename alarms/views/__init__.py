"""The web pages of alarms."""
