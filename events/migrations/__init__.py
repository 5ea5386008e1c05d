"""The tables of events, step by step."""
