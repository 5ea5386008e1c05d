"""Storing events, many in one statement."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from struct import Struct
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db import connection

from events.records import Event
from events.storage import catalogue
from events.storage.document import document, traits
from telemetry_site.core import clock
from telemetry_site.core.clock import to_microseconds
from telemetry_site.core.storage import partitions
from telemetry_site.core.storage.copyformat import EPOCH, whole
from telemetry_site.core.storage.copying import store_new
from telemetry_site.core.storage.table import Table

EVENTS = Table("event", "generated", "day")
COLUMNS = ("message_id", "generated", "event_type_id", "traits", "raw")
SQLITE = f"""
INSERT INTO event ({", ".join(COLUMNS)}) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
# A field of a COPY is its length and its bytes; the row begins with the number of fields. The
# bytes of jsonb are the version of the format and the text. NULL is length -1.
_pack = Struct("!hi16siqiqib").pack
_length = Struct("!ib").pack
JSONB, NULL = 1, b"\xff\xff\xff\xff"
_key = itemgetter(slice(0, 22))  # up to the end of the message id

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class Encoded(NamedTuple):
    """An event as it is stored: its document and what was said as JSON, and the document's keys.

    It is a fifth of the event's size, so many of them wait for their transaction in this form.
    """

    message_id: UUID
    event_type: str
    generated: datetime
    keys: tuple[str, ...]
    traits: bytes
    raw: bytes | None


def encoded(event: Event) -> Encoded:
    """The event as it is stored."""
    found = document(event.traits)
    raw = _encode(event.raw) if event.raw else None
    return Encoded(
        event.message_id, event.event_type, event.generated, tuple(found), _encode(found), raw
    )


def decoded(stored: Encoded) -> Event:
    """The event that is stored so; its traits by name."""
    found: dict[str, Any] = _decode(stored.traits)
    raw: dict[str, Any] = _decode(stored.raw) if stored.raw else {}
    return Event(stored.message_id, stored.event_type, stored.generated, traits(found), raw)


def prepare(events: Sequence[Event | Encoded]) -> None:
    """Make the partitions of their days, in transactions of their own; SQLite has one table."""
    if events and connection.vendor == "postgresql":
        partitions.make_for(EVENTS, [event.generated for event in events], clock.now())


def record(events: Iterable[Event]) -> int:
    """Store the events in the caller's transaction; how many were new. See `store`."""
    return store([encoded(event) for event in events])


def store(events: Sequence[Encoded]) -> int:
    """Store them in the caller's transaction; how many were new.

    An event whose message id is there already is passed over.
    """
    if not events:
        return 0
    ids = catalogue.ids_of(
        (one.event_type, one.generated.astimezone(UTC).date(), one.keys) for one in events
    )
    if connection.vendor == "postgresql":
        rows = [_copied(one, ids[one.event_type]) for one in events]
        return store_new(EVENTS.name, COLUMNS, whole(sorted(rows, key=_key)))
    with connection.cursor() as cursor:
        cursor.executemany(SQLITE, [_compact(one, ids[one.event_type]) for one in events])
        stored: int = cursor.rowcount
        return stored


def _copied(event: Encoded, event_type: int) -> bytes:
    """The row of a COPY."""
    since = event.generated - EPOCH
    moment = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    traits, raw = event.traits, event.raw
    size = len(traits) + 1
    head = _pack(5, 16, event.message_id.bytes, 8, moment, 8, event_type, size, JSONB)
    return head + traits + (NULL if raw is None else _length(len(raw) + 1, JSONB) + raw)


def _compact(event: Encoded, event_type: int) -> tuple[Any, ...]:
    return (
        event.message_id.bytes,
        to_microseconds(event.generated),
        event_type,
        event.traits.decode(),
        None if event.raw is None else event.raw.decode(),
    )
