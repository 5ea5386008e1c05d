"""Posted messages to samples, and the answer to who posted them."""

from datetime import datetime
from sys import intern
from uuid import UUID

import msgspec

from meters.ids import fresh_ids
from meters.posted import careful, fast
from meters.posted.fast import Unusual
from meters.posted.messages import NO_METADATA, Message, Moments, Terms, as_read, encode_messages
from meters.posted.metadata import known_metadata
from meters.samples import Sample


def accept(body: bytes, terms: Terms) -> tuple[list[Sample], bytes]:
    """The samples of a posted body, and the JSON to answer once they are stored.

    Raises BadRequest in the words of the wire's contract.
    """
    try:
        messages = fast.read(body)
        samples = complete(messages, terms)
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):
        messages = careful.read(body, terms)
        samples = complete(messages, terms)
    return samples, encode_messages(messages)


class Sources(dict[tuple[str | None, str | None], str]):
    """How sources are told, by project and source as posted: one text for all that are equal."""

    def __init__(self, default: str) -> None:
        super().__init__()
        self._default = default

    def __missing__(self, key: tuple[str | None, str | None]) -> str:
        owner, source = key
        told = self[key] = intern(f"{owner}:{source or self._default}")
        return told


def complete(messages: list[Message], terms: Terms) -> list[Sample]:
    """The samples that are stored; the messages are filled in until they are the answer.

    User and project default to the poster's, the source is told with its project, times keep
    the offsets they were sent with. Raises Unusual for a message that does not keep to the
    terms, and as Moments and MetadataCache do.
    """
    samples: list[Sample] = []
    moments, sources = Moments(terms), Sources(terms.source)
    meter, user, project, confined_to = terms.meter, terms.user, terms.project, terms.confined_to
    raw, (flat, metadata) = NO_METADATA, known_metadata[bytes(NO_METADATA)]

    for message, message_id in zip(messages, fresh_ids(len(messages), terms.now), strict=True):
        if message.counter_name != meter or message.message_id:
            raise Unusual
        if not message.user_id:
            message.user_id = user
        if not message.project_id:
            message.project_id = project
        owner = message.project_id
        if confined_to is not None and owner != confined_to:
            raise Unusual
        message.source = sources[owner, message.source]
        moment, message.timestamp = moments[message.timestamp]
        if isinstance(message.recorded_at, str):
            message.recorded_at = as_read(message.recorded_at).isoformat()
        if message.resource_metadata != raw:  # neighbours often have the same
            raw = message.resource_metadata
            flat, metadata = known_metadata[bytes(raw)]
        message.resource_metadata = flat
        message.message_id = message_id  # type: ignore[assignment]  # written as its text
        samples.append(sample_of(message, moment, message_id, metadata))
    return samples


def sample_of(message: Message, moment: datetime, message_id: UUID, metadata: bytes) -> Sample:
    """The sample that a filled in message tells of; `metadata` is in its nested form."""
    return Sample(
        message.counter_name,
        message.counter_type,
        message.counter_unit,
        message.counter_volume,
        message.resource_id,
        message.project_id,
        message.user_id,
        message.source,
        moment,
        message_id,
        metadata,
    )
