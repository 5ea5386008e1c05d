"""Which notifications were taken in: decided at the door, in the transaction that stores them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from operator import attrgetter
from uuid import UUID

from django.db import connection

from telemetry_site.core.clock import to_microseconds
from telemetry_site.core.messaging.models import Receipt
from telemetry_site.core.storage.sql import Sql, run

# A statement of SQLite takes some thousand parameters.
AT_ONCE = 1_000
# What comes again is rare: it costs least to be told of that.
TAKE_OR_TELL = """
WITH wanted AS MATERIALIZED (
    SELECT unnest(%s::uuid[]) AS id
), made AS (
    INSERT INTO receipt (message_id, received_at) SELECT id, %s FROM wanted
    ON CONFLICT (message_id) DO NOTHING RETURNING message_id
)
SELECT id FROM wanted WHERE id NOT IN (SELECT message_id FROM made)
"""
TAKE_ON_SQLITE = """
INSERT INTO receipt (message_id, received_at) VALUES {rows}
ON CONFLICT (message_id) DO NOTHING RETURNING message_id
"""

_number = attrgetter("int")


def take(ids: Iterable[UUID], now: datetime) -> set[UUID]:
    """Those of the ids that come for the first time; to be called in the transaction of the rest.

    Waits for another transaction that takes one of them. The ids are sorted, so that two that
    take the same never wait for each other in a circle.
    """
    fresh = set(ids)
    for some in _some(sorted(fresh, key=_number)):
        fresh -= _take(some, now)
    return fresh


def _take(ids: list[UUID], now: datetime) -> set[UUID]:
    """Take them; which were taken before."""
    if connection.vendor == "postgresql":
        array = f"{{{','.join(one.hex for one in ids)}}}"  # quicker to hand over than a list
        return _ids(Sql(TAKE_OR_TELL, (array, now)))
    text = TAKE_ON_SQLITE.format(rows=", ".join(["(%s, %s)"] * len(ids)))
    params = tuple(value for one in ids for value in (one.bytes, to_microseconds(now)))
    return set(ids) - _ids(Sql(text, params))


def expire(before: datetime) -> int:
    """Forget the ids taken before this moment; how many those were."""
    return Receipt.objects.filter(received_at__lt=before).delete()[0]


def _some(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    rest = iter(ids)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _ids(asked: Sql) -> set[UUID]:
    found = (key for (key,) in run(asked))
    return {key if isinstance(key, UUID) else UUID(bytes=bytes(key)) for key in found}
