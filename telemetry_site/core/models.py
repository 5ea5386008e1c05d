"""Hands on the tables of the rooms below, so that Django finds them."""

from telemetry_site.core.identity.models import Token

__all__ = ["Token"]
