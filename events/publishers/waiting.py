"""Events as they wait to be sent, whatever publisher they are for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from events.records import Event
from events.storage.document import document, traits


class Waiting(msgspec.Struct, frozen=True, array_like=True):
    """An event with its traits as the one document that our store keeps too."""

    message_id: UUID
    event_type: str
    generated: datetime
    traits: dict[str, Any]
    raw: dict[str, Any]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Waiting]).decode


def encoded(events: Sequence[Event]) -> bytes:
    """The events as bytes."""
    return _encode(
        [
            Waiting(e.message_id, e.event_type, e.generated, document(e.traits), e.raw)
            for e in events
        ]
    )


def decoded(body: bytes) -> list[Event]:
    """The events of these bytes; their traits by name."""
    return [
        Event(one.message_id, one.event_type, one.generated, traits(one.traits), one.raw)
        for one in _decode(body)
    ]
