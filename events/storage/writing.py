"""Storing events, many in one statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from events.records import Event
from events.storage import catalogue
from events.storage.document import document
from telemetry_site.core import clock
from telemetry_site.core.clock import to_microseconds
from telemetry_site.core.storage import partitions
from telemetry_site.core.storage.sql import Sql, run_only
from telemetry_site.core.storage.table import Table

EVENTS = Table("event", "generated", "day")
COLUMNS = "message_id, generated, event_type_id, traits, raw"
POSTGRESQL = f"""
INSERT INTO event ({COLUMNS})
SELECT u.message_id, u.generated, u.event_type_id, u.traits::jsonb, u.raw::jsonb
FROM unnest(%s::uuid[], %s::timestamptz[], %s::bigint[], %s::text[], %s::text[])
    AS u({COLUMNS})
ON CONFLICT DO NOTHING
"""
SQLITE = f"INSERT INTO event ({COLUMNS}) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"

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
    ids = catalogue.ids_of(events)
    rows = [_row(event, ids[event.event_type]) for event in events]
    rows.sort(key=lambda row: row[0])
    if connection.vendor == "postgresql":
        return run_only(Sql(POSTGRESQL, tuple(list(column) for column in zip(*rows, strict=True))))
    with connection.cursor() as cursor:
        cursor.executemany(SQLITE, [_compact(*row) for row in rows])
        stored: int = cursor.rowcount
        return stored


def _row(event: Event, event_type: int) -> tuple[UUID, datetime, int, str, str | None]:
    raw = _encode(event.raw).decode() if event.raw else None
    return (
        event.message_id,
        event.generated,
        event_type,
        _encode(document(event.traits)).decode(),
        raw,
    )


def _compact(message_id: UUID, generated: datetime, *rest: Any) -> tuple[Any, ...]:
    return (message_id.bytes, to_microseconds(generated), *rest)
