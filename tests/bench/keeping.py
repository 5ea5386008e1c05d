"""The upkeep of the store as the bench calls it: rollups and retention, each named here alone."""

from datetime import datetime

from meters import retention, rollups
from tests.bench.databases import execute
from tests.bench.workload import TIME_TO_LIVE

# What a transaction that writes these samples leaves behind, for samples that SQL has made.
MARK = """
INSERT INTO rollup_mark (step, start, stop)
SELECT 3600, hour, hour + interval '1 hour'
FROM generate_series(%s, %s - interval '1 hour', interval '1 hour') hour
"""


def mark(start: datetime, end: datetime) -> None:
    """Say that the rollups of these whole hours are behind."""
    execute(MARK, start, end)


def roll_up(now: datetime) -> int:
    """Bring the rollups up to date; how many (series, hour) rows were written."""
    return rollups.roll_up(now)


def expire_until(moment: datetime) -> None:
    """Drop what is older than this moment: it is then past its time to live."""
    retention.expire(moment + TIME_TO_LIVE)
