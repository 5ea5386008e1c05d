"""Queries as plain data, and the two languages they are written in."""
