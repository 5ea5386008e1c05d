"""How large tables are; cheap at any size on PostgreSQL."""

from dataclasses import dataclass

from django.db import DatabaseError, connection

from telemetry_site.core.storage.sql import Sql, run

# Rows as the planner counts them; those of a table that was never looked at are counted. A table
# without partitions stands for itself.
POSTGRES = """
SELECT coalesce(sum(c.reltuples) FILTER (WHERE c.relkind = 'r' AND c.reltuples >= 0), 0)::bigint,
    sum(pg_total_relation_size(c.oid))::bigint,
    count(*) FILTER (WHERE c.relispartition AND c.relname NOT LIKE '%%_default'),
    array_agg(c.relname::text) FILTER (WHERE c.relkind = 'r' AND c.reltuples < 0)
FROM (SELECT relid FROM pg_partition_tree(%s) UNION SELECT %s::regclass) t
JOIN pg_class c ON c.oid = t.relid
"""
COUNT = "SELECT count(*) FROM {table}"
SQLITE_SIZE = """
SELECT sum(pgsize) FROM dbstat
WHERE aggregate = TRUE AND name IN (SELECT name FROM sqlite_master WHERE tbl_name = %s)
"""


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


def of_table(table: str, name: str) -> TableStanding:
    """How it stands; `name` is what people call it."""
    if connection.vendor == "postgresql":
        return _of_postgres(table, name)
    rows = run(Sql(COUNT.format(table=table)))[0][0]
    return TableStanding(name, rows, _sqlite_size(table), 0)


def _of_postgres(table: str, name: str) -> TableStanding:
    rows, size, partitions, unknown = run(Sql(POSTGRES, (table, table)))[0]
    counted = sum(run(Sql(COUNT.format(table=one)))[0][0] for one in unknown or ())
    return TableStanding(name, rows + counted, size, partitions)


def _sqlite_size(table: str) -> int | None:
    """By way of dbstat, which not every SQLite has."""
    try:
        size: int | None = run(Sql(SQLITE_SIZE, (table,)))[0][0]
    except DatabaseError:
        return None
    return size
