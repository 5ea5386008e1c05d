"""Rows that PostgreSQL takes in by COPY: those of them that are not there yet."""

from collections.abc import Sequence
from io import BytesIO

from django.db import IntegrityError, connection

from telemetry_site.core.storage.sql import Sql, run_only
from telemetry_site.core.transactions import sqlstate

CHUNK = 1 << 16
UNIQUE_VIOLATION = "23505"
NOTHING = Sql("")

COPY = "COPY {table} ({fields}) FROM STDIN (FORMAT binary)"
BEFORE = "SAVEPOINT before_copy"
# A savepoint does not empty the table, and a transaction may be repeated inside of another.
BACK = """
ROLLBACK TO SAVEPOINT before_copy;
CREATE TEMP TABLE IF NOT EXISTS staged_{table} (LIKE {table}) ON COMMIT DELETE ROWS;
TRUNCATE staged_{table}
"""
MERGE = """
INSERT INTO {table} ({fields}) SELECT {fields} FROM staged_{table} ON CONFLICT DO NOTHING
"""


def store_new(table: str, columns: Sequence[str], rows: bytes, mark: Sql = NOTHING) -> int:
    """COPY them in; where one is there already, bring in the others. How many were new.

    `rows` is all of the input (`copyformat`), in the order of the table's unique key, so that two
    writers never wait for each other in a circle. `mark` is run with them if any is new. To be
    called in a transaction: the savepoint goes with it, to release it would be one more statement.
    """
    fields = ", ".join(columns)
    run_only(Sql(f"{BEFORE}; {mark.text}", mark.params))
    try:
        return _copy(table, fields, rows)
    except IntegrityError as error:
        if sqlstate(error) != UNIQUE_VIOLATION:
            raise
    run_only(Sql(BACK.format(table=table)))
    _copy(f"staged_{table}", fields, rows)
    stored = run_only(Sql(MERGE.format(table=table, fields=fields)))
    if stored and mark.text:
        run_only(mark)
    return stored


def _copy(table: str, fields: str, rows: bytes) -> int:
    text = COPY.format(table=table, fields=fields)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        raw = cursor.cursor
        raw.copy_expert(text, BytesIO(rows), CHUNK)
        copied: int = raw.rowcount
        return copied
