"""Messages that could not be processed: kept with the reason until they are replayed or dropped."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from telemetry_site.core.messaging.models import RejectedMessage

LARGEST_KEPT = 1 << 20  # bytes of a body
HEAD = 1 << 16
LONGEST_REASON = 2_000

DECODING, SAMPLES, EVENT, STORE = (part for part, _ in RejectedMessage.PARTS)


class Rejection(NamedTuple):
    """Which part of a message failed, and why, as a sentence."""

    body: bytes
    queue: str
    part: str
    reason: str
    event_type: str = ""
    message_id: str = ""


def keep(rejections: Iterable[Rejection], now: datetime) -> None:
    """Keep them; to be called in the transaction that takes the rest of the messages in."""
    RejectedMessage.objects.bulk_create(_row(one, now) for one in rejections)


def _row(one: Rejection, now: datetime) -> RejectedMessage:
    whole = len(one.body) <= LARGEST_KEPT
    return RejectedMessage(
        received_at=now,
        queue=one.queue[:255],
        part=one.part,
        reason=one.reason.replace("\0", "")[:LONGEST_REASON],
        event_type=one.event_type,
        message_id=one.message_id,
        size=len(one.body),
        body=one.body if whole else one.body[:HEAD],
    )


def expire(before: datetime) -> int:
    """Drop those received before this moment; how many those were."""
    return RejectedMessage.objects.filter(received_at__lt=before).delete()[0]
