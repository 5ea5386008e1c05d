"""Events that are past their time to live go, whole days of UTC at a time."""

from datetime import UTC, date, datetime

from django.conf import settings
from django.db import connection

from events.storage import catalogue
from events.storage.writing import EVENTS
from telemetry_site.core.clock import shifted, to_microseconds
from telemetry_site.core.storage.dropping import Dropped, drop_partitions, partitions_before
from telemetry_site.core.storage.partitions import midnight
from telemetry_site.core.storage.sql import Sql, run, run_only

CHUNK = 10_000
COUNT = "SELECT count(*) FROM {table} WHERE generated < %s"
DELETE = """
DELETE FROM {table} WHERE message_id IN (
    SELECT message_id FROM {table} WHERE generated < %s LIMIT {chunk})
"""


def first_kept(now: datetime) -> date | None:
    """The first day of UTC that is kept; None where everything is."""
    kept = settings.TELEMETRY["EVENT_TTL"]
    return None if kept is None else shifted(now.astimezone(UTC), -kept).date()


def expire(now: datetime) -> Dropped | None:
    """Take away what is past its time to live, and types and traits that no event has any more.

    None where everything is kept for ever.
    """
    day = first_kept(now)
    if day is None:
        return None
    gone = drop_partitions(partitions_before(EVENTS, day)) if _partitioned() else ()
    dropped = Dropped(gone, _delete_before(day))
    if dropped:
        catalogue.expire(day)
    return dropped


def preview(now: datetime) -> Dropped | None:
    """What would go now."""
    day = first_kept(now)
    if day is None:
        return None
    names = tuple(partitions_before(EVENTS, day)) if _partitioned() else ()
    rows: int = run(Sql(COUNT.format(table=_loose()), (_moment(day),)))[0][0]
    return Dropped(names, rows)


def _delete_before(day: date) -> int:
    """What stands in no partition of its day, some thousand in each transaction; how many."""
    statement = Sql(DELETE.format(table=_loose(), chunk=CHUNK), (_moment(day),))
    deleted = 0
    while found := run_only(statement):
        deleted += found
    return deleted


def _partitioned() -> bool:
    return connection.vendor == "postgresql"


def _loose() -> str:
    return EVENTS.default if _partitioned() else EVENTS.name


def _moment(day: date) -> datetime | int:
    start = midnight(day)
    return start if _partitioned() else to_microseconds(start)
