"""Taking old rows away: whole partitions where there are any, else some rows at a time."""

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from meters.storage import partitions
from meters.storage.dialect import Dialect
from meters.storage.partitioned import Table
from meters.storage.sql import Sql, run, run_only

CHUNK = 10_000
KEYS = {"sample": "series_id, timestamp, message_id"}
ROLLUP_KEYS = "series_id, start"

COUNT = "SELECT count(*) FROM {table} WHERE {column} < %s"
# By the index, series by series: it does not begin with the time.
DELETE = """
DELETE FROM {table} WHERE ({keys}) IN (
    SELECT {named} FROM meters_series r CROSS JOIN {table} s
    WHERE s.series_id = r.id AND s.{column} < %s LIMIT {chunk})
"""
# A partition cannot go while somebody reads the table; whoever holds it longer is waited for by
# the next tick.
DROP = "SET LOCAL lock_timeout = '2s'; DROP TABLE {name}"


@dataclass(frozen=True, slots=True)
class Dropped:
    """What went, or would go: partitions by name, and rows outside of these."""

    partitions: tuple[str, ...] = ()
    rows: int = 0

    def __bool__(self) -> bool:
        return bool(self.partitions or self.rows)


def partitions_before(table: Table, day: date) -> list[str]:
    """The partitions that hold nothing of that day or later, the oldest first."""
    there = sorted(partitions.names(table) - {table.default})
    return [name for name in there if table.following(table.day_of(name)) <= day]


def drop_partitions(names: list[str]) -> tuple[str, ...]:
    """Drop them, each in a transaction of its own; which could be had."""
    dropped = []
    for name in names:
        with partitions.unless_locked(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(DROP.format(name=name))
            dropped.append(name)
    partitions.forget()
    return tuple(dropped)


def count_before(dialect: Dialect, name: str, column: str, day: date) -> int:
    """How many rows of the table or partition of that name are older than the day."""
    moment = dialect.moment(partitions.midnight(day))
    count: int = run(Sql(COUNT.format(table=name, column=column), (moment,)))[0][0]
    return count


def delete_before(dialect: Dialect, table: Table, name: str, day: date) -> int:
    """Delete the rows older than the day, some thousand in each transaction; how many."""
    keys = KEYS.get(table.name, ROLLUP_KEYS)
    text = DELETE.format(
        table=name,
        keys=keys,
        named=", ".join(f"s.{key}" for key in keys.split(", ")),
        column=table.column,
        chunk=CHUNK,
    )
    statement = Sql(text, (dialect.moment(partitions.midnight(day)),))
    deleted = 0
    while found := run_only(statement):
        deleted += found
    return deleted
