"""Pipelines: which sources feed which sinks, as a file says it."""
