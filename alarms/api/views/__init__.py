"""The routes of alarms; each reads, does one thing and writes."""
