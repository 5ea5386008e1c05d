"""Which notifications were taken in: decided at the door, in the transaction that stores them."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import connection

from telemetry_site.core.clock import to_microseconds
from telemetry_site.core.messaging.models import Receipt
from telemetry_site.core.storage.sql import Sql, run

# A statement of SQLite takes some thousand parameters.
AT_ONCE = 1_000
TAKE = """
INSERT INTO receipt (message_id, received_at) VALUES {rows}
ON CONFLICT (message_id) DO NOTHING RETURNING message_id
"""


def take(ids: Iterable[UUID], now: datetime) -> set[UUID]:
    """Those of the ids that come for the first time; to be called in the transaction of the rest.

    Waits for another transaction that takes one of them. The ids are sorted, so that two that
    take the same never wait for each other in a circle.
    """
    fresh: set[UUID] = set()
    for some in _some(sorted(set(ids))):
        text = TAKE.format(rows=", ".join(["(%s, %s)"] * len(some)))
        params = tuple(value for one in some for value in (_key(one), _moment(now)))
        fresh.update(_id(key) for (key,) in run(Sql(text, params)))
    return fresh


def taken(ids: Collection[UUID]) -> set[UUID]:
    """Those of the ids that were taken before, as far as that is committed."""
    found: set[UUID] = set()
    for some in _some(ids):
        found.update(Receipt.objects.filter(pk__in=some).values_list("pk", flat=True))
    return found


def expire(before: datetime) -> int:
    """Forget the ids taken before this moment; how many those were."""
    return Receipt.objects.filter(received_at__lt=before).delete()[0]


def _some(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    rest = iter(ids)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _key(one: UUID) -> UUID | bytes:
    return one if connection.vendor == "postgresql" else one.bytes


def _id(key: UUID | bytes) -> UUID:
    return key if isinstance(key, UUID) else UUID(bytes=bytes(key))


def _moment(now: datetime) -> datetime | int:
    return now if connection.vendor == "postgresql" else to_microseconds(now)
