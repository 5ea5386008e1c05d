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
    for message, message_id in zip(messages, fresh_ids(len(messages), terms.now), strict=True):
        fill_in(message, terms)
        metadata = known_metadata.get(bytes(message.resource_metadata))
        samples.append(sample_of(message, metadata, message_id, terms.now))
        replies.append(reply_to(message, metadata, message_id, terms.now))
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


def reply_to(message: Message, metadata: Metadata, message_id: UUID, now: datetime) -> Reply:
    """What is answered: times as they were sent, with their offsets."""
    sent = message.recorded_at
    return Reply(
        source=message.source or "",
        counter_name=message.counter_name,
        counter_type=message.counter_type,
        counter_unit=message.counter_unit,
        counter_volume=message.counter_volume,
        user_id=message.user_id,
        project_id=message.project_id,
        resource_id=message.resource_id,
        timestamp=_as_sent(message.timestamp) if message.timestamp else on_the_wire(now),
        recorded_at=_as_sent(sent) if isinstance(sent, datetime) else sent,
        resource_metadata=metadata.flat,
        message_id=message_id,
    )


def _as_sent(moment: datetime) -> datetime | str:
    """As it is encoded; msgspec would write an offset of zero as Z."""
    if moment.tzinfo is None:
        return moment
    if moment.tzinfo is UTC:
        return f"{(NAIVE_EPOCH + (moment - EPOCH)).isoformat()}+00:00"  # three times as fast
    return moment.isoformat()
