"""Day partitions of PostgreSQL's sample table: made in time, and behind it where samples are late.

All of it runs with a lock timeout: a partition that cannot be had now is left to the DEFAULT
partition, and its rows are moved when it is made later.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial

from django.db import OperationalError, connection, transaction

from meters.storage.sql import Sql, run
from telemetry_site.core.transactions import sqlstate

DAY = timedelta(days=1)
DAYS_BACK = 730
DAYS_AHEAD = 2
# A transaction locks each partition that it makes.
DAYS_AT_ONCE = 31

LOCK_NOT_AVAILABLE = "55P03"
MAKERS_LOCK = 0x5A3B1E

ALL = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'sample'::regclass
"""
# Under one lock of all makers, so that none finds a partition half made by another.
BEGIN = f"""
SET LOCAL lock_timeout = '2s';
SELECT pg_advisory_xact_lock({MAKERS_LOCK});
{ALL}"""
LOCK = """
LOCK TABLE sample IN SHARE UPDATE EXCLUSIVE MODE;
LOCK TABLE sample_default IN ACCESS EXCLUSIVE MODE;
"""
MAKE = """
CREATE TABLE {name} (LIKE sample INCLUDING ALL);
WITH moved AS (
    DELETE FROM sample_default WHERE timestamp >= '{start}' AND timestamp < '{end}' RETURNING *
) INSERT INTO {name} SELECT * FROM moved;
ALTER TABLE sample ATTACH PARTITION {name} FOR VALUES FROM ('{start}') TO ('{end}');
"""

# The days of which DEFAULT holds rows.
STRAY = "SELECT DISTINCT date_bin('1 day', timestamp, '2000-01-01 00:00+00') FROM sample_default"
# Partitions of days that are over and have no index for message ids.
OPEN = f"""
SELECT days.relname FROM ({ALL}) days
WHERE days.relname ~ '^sample_[0-9]+$' AND days.relname < %s
    AND to_regclass(days.relname || '_message_id') IS NULL
ORDER BY days.relname
"""
# Every id is another: 0.4 of the tuples a page could hold is what our rows fill.
CLOSE = """
SET LOCAL lock_timeout = '2s';
CREATE INDEX IF NOT EXISTS {name}_message_id ON {name}
USING brin (message_id uuid_bloom_ops(n_distinct_per_range = -0.4)) WITH (pages_per_range = 32)
"""

DEFAULT = "sample_default"
NAME = "sample_%Y%m%d"

_known: dict[str, frozenset[str]] = {}
_runs: dict[str, tuple[date, tuple[datetime, datetime] | None]] = {}


def forget() -> None:
    """Ask the database again which partitions there are."""
    _known.clear()
    _runs.clear()


def name_of(day: date) -> str:
    """The partition of a day of UTC.

    >>> name_of(date(2026, 3, 1))
    'sample_20260301'
    """
    return day.strftime(NAME)


def make_for(times: Iterable[datetime], now: datetime) -> None:
    """Make the partitions these UTC times need, as far as they are no wilder than we allow."""
    today = now.astimezone(UTC).date()
    make(day for day in days_of(times) if -DAYS_BACK <= (day - today).days <= DAYS_AHEAD)


def days_of(times: Iterable[datetime]) -> set[date]:
    """The days of these UTC times; most lists are of one day, which two of them can tell.

    >>> days_of([datetime(2026, 3, 1, 23, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)])
    {datetime.date(2026, 3, 1)}
    """
    moments = list(times)
    ends = {moment.date() for moment in (min(moments), max(moments))} if moments else set()
    return ends if len(ends) < 2 else {moment.date() for moment in moments}


def make_ahead(now: datetime) -> None:
    """Make the partitions of today and the days ahead, and those that could not be had before.

    Days that are over get the index by which a message id is found: on an open day it would cost
    a fifth of the rate at which samples come in.
    """
    today = now.astimezone(UTC).date()
    make(today + n * DAY for n in range(DAYS_AHEAD + 1))
    make_for((moment for (moment,) in run(Sql(STRAY))), now)
    _close(today)


def _close(today: date) -> None:
    for (name,) in run(Sql(OPEN, (name_of(today),))):
        with _unless_locked(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(CLOSE.format(name=name))


def make(days: Iterable[date]) -> None:
    """Make the partitions of these days that are not there; some days in each transaction."""
    missing = sorted(day for day in days if name_of(day) not in _of_this_database())
    for start in range(0, len(missing), DAYS_AT_ONCE):
        with _unless_locked(), transaction.atomic():
            _make_some(missing[start : start + DAYS_AT_ONCE])


@contextmanager
def _unless_locked() -> Iterator[None]:
    """What cannot have its lock in time is left for the next time."""
    try:
        yield
    except OperationalError as error:
        if sqlstate(error) != LOCK_NOT_AVAILABLE:
            raise


def _make_some(days: list[date]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BEGIN)
        there = {name for (name,) in cursor.fetchall()}
        missing = [day for day in days if name_of(day) not in there]
        if missing:
            cursor.execute(LOCK + "".join(map(_statement, missing)))
    transaction.on_commit(partial(_learn, there | set(map(name_of, missing))))


def _statement(day: date) -> str:
    start, end = (f"{edge.isoformat()} 00:00+00" for edge in (day, day + DAY))
    return MAKE.format(name=name_of(day), start=start, end=end)


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def _of_this_database() -> frozenset[str]:
    return _known.get(_database(), frozenset())


def _learn(there: set[str]) -> None:
    _known[_database()] = frozenset(there)


def unbroken(now: datetime) -> tuple[datetime, datetime] | None:
    """The longest stretch without a gap that ends with the newest partition.

    Asked of the database once a day: it may be out of date, so it is good for speed only.
    """
    today = now.date()
    known = _runs.get(_database())
    if known is None or known[0] != today:
        known = _runs[_database()] = (today, _unbroken({name for (name,) in run(Sql(ALL))}))
    return known[1]


def _unbroken(there: set[str]) -> tuple[datetime, datetime] | None:
    newest = max(there - {DEFAULT}, default=None)
    if newest is None:
        return None
    end = first = datetime.strptime(newest, NAME).replace(tzinfo=UTC)
    while name_of(first - DAY) in there:
        first -= DAY
    return first, end + DAY
