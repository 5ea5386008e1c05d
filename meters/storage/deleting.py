"""Takes single samples away again, by their whole keys."""

from collections.abc import Sequence

from django.db import connection

from meters.samples import Sample
from telemetry_site.core.clock import to_microseconds
from telemetry_site.core.storage.sql import Sql, run_only

# The bounds are constants, so that only the partitions between them are looked into.
POSTGRES = """
DELETE FROM sample s USING unnest(%s::int[], %s::timestamptz[], %s::uuid[]) w(series, moment, id)
WHERE s.series_id = w.series AND s.timestamp = w.moment AND s.message_id = w.id
    AND s.timestamp BETWEEN %s AND %s
"""
SQLITE = "DELETE FROM sample WHERE series_id = %s AND timestamp = %s AND message_id = %s"


def delete(samples: Sequence[Sample], series: Sequence[int]) -> int:
    """Delete these, of the series that goes with each; how many were there."""
    if not samples:
        return 0
    if connection.vendor == "postgresql":
        moments = [sample.timestamp for sample in samples]
        ids = [str(sample.message_id) for sample in samples]
        params = (list(series), moments, ids, min(moments), max(moments))
        return run_only(Sql(POSTGRES, params))
    rows = [
        (number, to_microseconds(sample.timestamp), sample.message_id.bytes)
        for sample, number in zip(samples, series, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(SQLITE, rows)
        count: int = cursor.rowcount
        return count
