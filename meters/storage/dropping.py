"""Taking old rows of samples and rollups away that no partition of their own holds."""

from datetime import date

from meters.storage.dialect import Dialect
from telemetry_site.core.storage import partitions
from telemetry_site.core.storage.sql import Sql, run, run_only
from telemetry_site.core.storage.table import Table

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
