"""Hands on the tables of the rooms below, so that Django finds them."""

from telemetry_site.core.identity.models import Token
from telemetry_site.core.messaging.models import Attempt, QueueStanding, Receipt, RejectedMessage

__all__ = ["Attempt", "QueueStanding", "Receipt", "RejectedMessage", "Token"]
