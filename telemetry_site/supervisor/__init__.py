"""Runs the processes of one machine: starts them, shows what they say, restarts, stops."""
