"""The command line of alarms."""
