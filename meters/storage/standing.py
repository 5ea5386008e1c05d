"""How large the store is and how far its upkeep has come; cheap at any size on PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, connection

from meters.models import RollupMark, StoreState
from meters.selection import Selection
from meters.statistics import StatisticsQuery
from meters.storage.dialect import Dialect
from meters.storage.marks import SECONDS
from meters.storage.raw_statistics import earliest
from meters.storage.spans import HOUR, down, together
from telemetry_site.core.clock import EPOCH
from telemetry_site.core.storage.sql import Sql, run

NAMES = {
    "sample": "samples",
    "rollup_hour": "rollups of hours",
    "rollup_day": "rollups of days",
    "meters_series": "series",
    "meters_metadatasnapshot": "metadata",
}
# Rows as the planner counts them; those of a table that was never looked at are counted.
POSTGRES = """
SELECT sum(CASE WHEN c.relkind = 'r' AND c.reltuples >= 0 THEN c.reltuples ELSE 0 END)::bigint,
    sum(pg_total_relation_size(c.oid))::bigint,
    count(*) FILTER (WHERE c.relispartition AND c.relname NOT LIKE '%%_default'),
    array_agg(c.relname::text) FILTER (WHERE c.relkind = 'r' AND c.reltuples < 0)
FROM pg_partition_tree(%s) t JOIN pg_class c ON c.oid = t.relid
"""
POSTGRES_PLAIN = """
SELECT c.reltuples::bigint, pg_total_relation_size(c.oid), 0,
    CASE WHEN c.reltuples < 0 THEN ARRAY[c.relname::text] END
FROM pg_class c WHERE c.oid = %s::regclass
"""
SQLITE_SIZE = "SELECT sum(pgsize) FROM dbstat WHERE aggregate = TRUE AND name IN (%s, %s)"


@dataclass(frozen=True, slots=True)
class TableStanding:
    """A table: rows (on PostgreSQL about so many), bytes with its indexes, partitions.

    `size` is None where the database does not say.
    """

    name: str
    rows: int
    size: int | None
    partitions: int

    @property
    def each(self) -> float | None:
        """Bytes a row."""
        return self.size / self.rows if self.size and self.rows else None


@dataclass(frozen=True, slots=True)
class Standing:
    """The store as a whole; times in aware UTC.

    `behind` counts hours and days that are over and wait for the roll-up, `behind_since` is the
    first of them. Samples before `kept_since` may be gone.
    """

    tables: Sequence[TableStanding]
    oldest: datetime | None
    newest: datetime | None
    behind: int
    behind_since: datetime | None
    kept_since: datetime | None


def standing(dialect: Dialect, newest: datetime | None, now: datetime) -> Standing:
    """How the store stands; `newest` is the time of its last sample."""
    first = earliest(dialect, StatisticsQuery(Selection()), now)
    oldest = run(Sql(f"SELECT {first.text}", first.params))[0][0]
    state = StoreState.objects.first()
    kept_since = state.kept_since if state and state.kept_since > EPOCH else None
    behind, behind_since = _behind(now)
    return Standing(
        [_table(name) for name in NAMES],
        None if oldest is None else dialect.moment_of(oldest),
        newest,
        behind,
        behind_since,
        kept_since,
    )


def _behind(now: datetime) -> tuple[int, datetime | None]:
    over = RollupMark.objects.filter(step=SECONDS[HOUR], start__lt=down(now, HOUR))
    spans = together(over.values_list("start", "stop").distinct())
    hours = sum((stop - start) // HOUR for start, stop in spans)
    return hours, spans[0][0] if spans else None


def _table(name: str) -> TableStanding:
    if connection.vendor == "postgresql":
        return _of_postgres(name)
    rows = run(Sql(f"SELECT count(*) FROM {name}"))[0][0]
    return TableStanding(NAMES[name], rows, _sqlite_size(name), 0)


def _of_postgres(name: str) -> TableStanding:
    split = name.startswith(("sample", "rollup"))
    statement = POSTGRES if split else POSTGRES_PLAIN
    rows, size, partitions, unknown = run(Sql(statement, (name,)))[0]
    counted = sum(run(Sql(f"SELECT count(*) FROM {table}"))[0][0] for table in unknown or ())
    return TableStanding(NAMES[name], max(rows, 0) + counted, size, partitions)


def _sqlite_size(name: str) -> int | None:
    """By way of dbstat, which not every SQLite has."""
    try:
        size: int | None = run(Sql(SQLITE_SIZE, (name, f"sqlite_autoindex_{name}_1")))[0][0]
    except DatabaseError:
        return None
    return size
