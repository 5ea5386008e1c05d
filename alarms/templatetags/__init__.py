"""How pages write what is said of alarms."""
