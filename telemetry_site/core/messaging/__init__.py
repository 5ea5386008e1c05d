"""Notifications: how they are read, how each is taken once, and what becomes of the unreadable."""
