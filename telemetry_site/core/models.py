"""Hands on the tables of the rooms below, so that Django finds them."""

from telemetry_site.core.identity.models import Token
from telemetry_site.core.messaging.models import Attempt, QueueStanding, Receipt, RejectedMessage
from telemetry_site.core.pipeline.models import PipelineStanding
from telemetry_site.core.publishers.models import Owed, PublisherStanding

__all__ = [
    "Attempt",
    "Owed",
    "PipelineStanding",
    "PublisherStanding",
    "QueueStanding",
    "Receipt",
    "RejectedMessage",
    "Token",
]
