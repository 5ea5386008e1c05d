"""Storing events, many in one statement."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date
from itertools import starmap
from operator import itemgetter
from struct import Struct
from typing import Any

import msgspec
from django.db import connection

from events.records import Event
from events.storage import catalogue
from events.storage.document import document
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


def prepare(events: Sequence[Event]) -> None:
    """Make the partitions of their days, in transactions of their own; SQLite has one table."""
    if events and connection.vendor == "postgresql":
        partitions.make_for(EVENTS, [event.generated for event in events], clock.now())


def record(events: Sequence[Event]) -> int:
    """Store the events in the caller's transaction; how many were new.

    An event whose message id is there already is passed over.
    """
    if not events:
        return 0
    traits: list[bytes] = []
    ids = catalogue.ids_of(_described(events, traits))
    rows = zip(events, [ids[event.event_type] for event in events], traits, strict=True)
    if connection.vendor == "postgresql":
        return store_new(EVENTS.name, COLUMNS, whole(sorted(starmap(_copied, rows), key=_key)))
    with connection.cursor() as cursor:
        cursor.executemany(SQLITE, list(starmap(_compact, rows)))
        stored: int = cursor.rowcount
        return stored


def _described(
    events: Iterable[Event], traits: list[bytes]
) -> Iterator[tuple[str, date, Iterable[str]]]:
    """Type, day and keys of each event, whose document is encoded while it is at hand."""
    for event in events:
        found = document(event.traits)
        traits.append(_encode(found))
        yield event.event_type, event.generated.astimezone(UTC).date(), found


def _copied(event: Event, event_type: int, traits: bytes) -> bytes:
    """The row of a COPY."""
    since = event.generated - EPOCH
    moment = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    size = len(traits) + 1
    head = _pack(5, 16, event.message_id.bytes, 8, moment, 8, event_type, size, JSONB)
    if not event.raw:
        return head + traits + NULL
    raw = _encode(event.raw)
    return head + traits + _length(len(raw) + 1, JSONB) + raw


def _compact(event: Event, event_type: int, traits: bytes) -> tuple[Any, ...]:
    return (
        event.message_id.bytes,
        to_microseconds(event.generated),
        event_type,
        traits.decode(),
        _encode(event.raw).decode() if event.raw else None,
    )
