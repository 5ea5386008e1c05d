"""Polling: asks the outside world and makes samples of the answers."""
