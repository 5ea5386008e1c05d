"""Partitions of PostgreSQL's tables: made in time, and behind it where samples are late.

All of it runs with a lock timeout: a partition that cannot be had now is left to the DEFAULT
partition, and its rows are moved when it is made later.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial

from django.db import OperationalError, connection, transaction

from telemetry_site.core.storage.sql import Sql, run
from telemetry_site.core.storage.table import Table
from telemetry_site.core.transactions import sqlstate

DAY = timedelta(days=1)
DAYS_BACK = 730
DAYS_AHEAD = 2
# A transaction locks each partition that it makes.
AT_ONCE = 31

LOCK_NOT_AVAILABLE = "55P03"
MAKERS_LOCK = 0x5A3B1E

ALL = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = '{table}'::regclass
"""
# Under one lock of all makers, so that none finds a partition half made by another.
ALONE = f"""
SET LOCAL lock_timeout = '2s';
SELECT pg_advisory_xact_lock({MAKERS_LOCK});
"""
LOCK = """
LOCK TABLE {table} IN SHARE UPDATE EXCLUSIVE MODE;
LOCK TABLE {table}_default IN ACCESS EXCLUSIVE MODE;
"""
MAKE = """
CREATE TABLE {name} (LIKE {table} INCLUDING ALL);
WITH moved AS (
    DELETE FROM {table}_default WHERE {column} >= '{start}' AND {column} < '{end}' RETURNING *
) INSERT INTO {name} SELECT * FROM moved;
ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ('{start}') TO ('{end}');
"""

# The days of which DEFAULT holds rows.
STRAY = """
SELECT DISTINCT date_bin('1 day', {column}, '2000-01-01 00:00+00') FROM {table}_default
"""

_known: dict[tuple[str, Table], frozenset[str]] = {}


def forget() -> None:
    """Ask the database again which partitions there are."""
    _known.clear()


def names(table: Table) -> set[str]:
    """The partitions that the table has, DEFAULT among them."""
    return {name for (name,) in run(Sql(ALL.format(table=table.name)))}


def make_for(table: Table, times: Iterable[datetime], now: datetime) -> None:
    """Make the partitions these UTC times need, as far as they are no wilder than we allow."""
    today = now.astimezone(UTC).date()
    make(table, (day for day in days_of(times) if -DAYS_BACK <= (day - today).days <= DAYS_AHEAD))


def days_of(times: Iterable[datetime]) -> set[date]:
    """The days of these UTC times; most lists are of one day, which two of them can tell.

    >>> days_of([datetime(2026, 3, 1, 23, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)])
    {datetime.date(2026, 3, 1)}
    """
    moments = list(times)
    ends = {moment.date() for moment in (min(moments), max(moments))} if moments else set()
    return ends if len(ends) < 2 else {moment.date() for moment in moments}


def make_ahead(tables: Iterable[Table], now: datetime) -> None:
    """Make the partitions of today and the days ahead, and those that could not be had before."""
    today = now.astimezone(UTC).date()
    for table in tables:
        make(table, (today + n * DAY for n in range(DAYS_AHEAD + 1)))
        stray = run(Sql(STRAY.format(table=table.name, column=table.column)))
        make_for(table, (moment for (moment,) in stray), now)


def make(table: Table, days: Iterable[date]) -> None:
    """Make the partitions of these days that are not there; some in each transaction."""
    known = _of_this_database(table)
    missing = sorted({table.first_day(day) for day in days if table.partition(day) not in known})
    for start in range(0, len(missing), AT_ONCE):
        with unless_locked(), transaction.atomic():
            _make_some(table, missing[start : start + AT_ONCE])


@contextmanager
def unless_locked() -> Iterator[None]:
    """What cannot have its lock in time is left for the next time."""
    try:
        yield
    except OperationalError as error:
        if sqlstate(error) != LOCK_NOT_AVAILABLE:
            raise


def _make_some(table: Table, days: list[date]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ALONE + ALL.format(table=table.name))
        there = {name for (name,) in cursor.fetchall()}
        missing = [day for day in days if table.partition(day) not in there]
        if missing:
            lock = LOCK.format(table=table.name)
            cursor.execute(lock + "".join(_statement(table, day) for day in missing))
    transaction.on_commit(partial(_learn, table, there | set(map(table.partition, missing))))


def _statement(table: Table, day: date) -> str:
    start, end = (f"{edge.isoformat()} 00:00+00" for edge in (day, table.following(day)))
    return MAKE.format(
        name=table.partition(day), table=table.name, column=table.column, start=start, end=end
    )


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def _of_this_database(table: Table) -> frozenset[str]:
    return _known.get((_database(), table), frozenset())


def _learn(table: Table, there: set[str]) -> None:
    _known[_database(), table] = frozenset(there)


def midnight(day: date) -> datetime:
    """The first moment of a day of UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
