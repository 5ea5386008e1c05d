"""Transformers: what a sink makes of samples before it publishes them."""
