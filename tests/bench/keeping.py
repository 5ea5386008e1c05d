"""The upkeep of the store as the bench calls it: rollups and retention, each named here alone."""

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec

from tests.bench.databases import execute

TIME_TO_LIVE = timedelta(days=365)
# The settings that the measured store is kept with.
SETTINGS = {"TELEMETRY_SAMPLE_TTL": str(TIME_TO_LIVE.days * 86_400)}

HAS_ROLLUPS = find_spec("meters.rollups") is not None
HAS_RETENTION = find_spec("meters.retention") is not None

# What a transaction that writes these samples leaves behind, for samples that SQL has made.
MARK = """
INSERT INTO rollup_mark (step, start)
SELECT 3600, hour FROM generate_series(%s, %s - interval '1 hour', interval '1 hour') hour
"""


def mark(start: datetime, end: datetime) -> None:
    """Say that the rollups of these whole hours are behind."""
    if HAS_ROLLUPS:
        execute(MARK, start, end)


def roll_up(now: datetime) -> int:
    """Bring the rollups up to date; how many (series, hour) rows were written."""
    if not HAS_ROLLUPS:
        return 0
    work: Callable[[datetime], int] = import_module("meters.rollups").roll_up
    return work(now)


def expire_until(moment: datetime) -> None:
    """Drop what is older than this moment: it is then past its time to live."""
    if HAS_RETENTION:
        work: Callable[[datetime], object] = import_module("meters.retention").expire
        work(moment + TIME_TO_LIVE)
