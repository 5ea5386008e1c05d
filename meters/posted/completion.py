"""Posted messages to samples, and the answer to who posted them."""

from datetime import UTC, datetime
from uuid import UUID

from meters.ids import fresh_ids
from meters.posted import careful, fast
from meters.posted.messages import (
    NAIVE_EPOCH,
    Message,
    Reply,
    Terms,
    encode_replies,
    in_utc,
)
from meters.posted.metadata import Metadata, known_metadata
from meters.samples import Sample
from telemetry_site.core.clock import EPOCH, on_the_wire


def accept(body: bytes, terms: Terms) -> tuple[list[Sample], bytes]:
    """The samples of a posted body, and the JSON to answer once they are stored.

    Raises BadRequest in the words of the wire's contract.
    """
    messages = fast.read(body, terms) or careful.read(body, terms)
    samples: list[Sample] = []
    replies: list[Reply] = []
    times = TimesAsSent(terms.now)
    for message, message_id in zip(messages, fresh_ids(len(messages), terms.now), strict=True):
        fill_in(message, terms)
        metadata = known_metadata.get(bytes(message.resource_metadata))
        samples.append(sample_of(message, metadata, message_id, terms.now))
        replies.append(reply_to(message, metadata, message_id, times))
    return samples, encode_replies(replies)


def fill_in(message: Message, terms: Terms) -> None:
    """User and project default to the poster's; the source is told with its project."""
    message.user_id = message.user_id or terms.user
    message.project_id = message.project_id or terms.project
    message.source = f"{message.project_id}:{message.source or terms.source}"


def sample_of(message: Message, metadata: Metadata, message_id: UUID, now: datetime) -> Sample:
    """The sample that is stored."""
    return Sample(
        meter=message.counter_name,
        type=message.counter_type,
        unit=message.counter_unit,
        volume=message.counter_volume,
        resource=message.resource_id,
        project=message.project_id,
        user=message.user_id,
        source=message.source,
        timestamp=in_utc(message.timestamp) if message.timestamp else now,
        message_id=message_id,
        metadata=metadata.nested,
    )


def reply_to(message: Message, metadata: Metadata, message_id: UUID, times: "TimesAsSent") -> Reply:
    """What is answered: times as they were sent, with their offsets."""
    recorded = message.recorded_at
    return Reply(
        message.source or "",
        message.counter_name,
        message.counter_type,
        message.counter_unit,
        message.counter_volume,
        message.user_id,
        message.project_id,
        message.resource_id,
        times.time(message.timestamp),
        times.time(recorded) if isinstance(recorded, datetime) else recorded,
        metadata.flat,
        message_id,
    )


class TimesAsSent:
    """Writes the times of one list; equal neighbours, as agents post them, only once.

    `now` stands for a time that was not sent.
    """

    def __init__(self, now: datetime) -> None:
        self._now = on_the_wire(now)
        self._last = EPOCH
        self._text: datetime | str = _as_sent(EPOCH)

    def time(self, moment: datetime | None) -> datetime | str:
        """As it is encoded."""
        if moment is None:
            return self._now
        if moment.tzinfo is not self._last.tzinfo or moment != self._last:
            self._last, self._text = moment, _as_sent(moment)
        return self._text


def _as_sent(moment: datetime) -> datetime | str:
    """With its offset; msgspec would write one of zero as Z."""
    if moment.tzinfo is None:
        return moment
    if moment.tzinfo is UTC:
        return f"{(NAIVE_EPOCH + (moment - EPOCH)).isoformat()}+00:00"  # three times as fast
    return moment.isoformat()
