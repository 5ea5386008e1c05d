"""Hands on the tables of the rooms below, so that Django finds them."""

from telemetry_site.core.identity.models import Token
from telemetry_site.core.messaging.models import Attempt, Receipt, RejectedMessage

__all__ = ["Attempt", "Receipt", "RejectedMessage", "Token"]
