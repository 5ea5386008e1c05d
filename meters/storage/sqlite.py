"""The embedded store: SQLite, one writer at a time."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.db import connection

from meters.samples import Sample
from meters.storage import dropping, marks
from meters.storage.deleting import delete
from meters.storage.names import SeriesName, ids_of, series_hash, short_hash
from meters.storage.reading import ReadingStore
from meters.storage.rollups import RolledUp, RollUp
from meters.storage.spans import HOUR
from meters.storage.sqlite_dialect import SqliteDialect
from telemetry_site.core import clock
from telemetry_site.core.clock import to_microseconds
from telemetry_site.core.storage.dropping import Dropped
from telemetry_site.core.storage.sql import Sql, run, run_only
from telemetry_site.core.storage.table import Table
from telemetry_site.core.transactions import in_transaction

ITEMS = ", ".join(f"json_extract(j.value, '$[{place}]')" for place in range(7))
# JSON has no blobs: the hashes come as one blob of 16 bytes each.
SERIES = f"""
INSERT INTO meters_series (key, meter, type, unit, resource, project, "user", source)
SELECT substr(%s, 1 + 16 * j.key, 16), {ITEMS}
FROM json_each(%s) j WHERE TRUE ORDER BY j.key
ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING key, id
"""
SNAPSHOTS = """
INSERT INTO meters_metadatasnapshot (hash, body)
SELECT substr(%s, 1 + 16 * j.key, 16), j.value FROM json_each(%s) j WHERE TRUE ORDER BY j.key
ON CONFLICT (hash) DO UPDATE SET hash = excluded.hash RETURNING hash, id
"""
GENERATION = "SELECT COALESCE((SELECT names FROM store_state), 0)"
SAMPLES = """
INSERT INTO sample (series_id, timestamp, message_id, metadata_id, recorded_at, volume)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


class SqliteStore(ReadingStore):
    """See SampleStore."""

    def __init__(self) -> None:
        super().__init__(SqliteDialect())

    def prepare(self, samples: Sequence[Sample]) -> None:
        """There is one table for all times."""

    def record(
        self,
        samples: Sequence[Sample],
        replaced: Sequence[Sample] = (),
        withdrawn: Sequence[Sample] = (),
    ) -> int:
        """See SampleStore.record."""
        if not samples and not replaced and not withdrawn:
            return 0
        now = clock.now()
        generation: int = run(Sql(GENERATION))[0][0]
        touched = [*samples, *replaced, *withdrawn]
        series, snapshots = ids_of(touched, generation, find_series, find_snapshots)
        gone = delete(touched[len(samples) :], series[len(samples) :])
        kept = len(samples) + len(replaced)
        rows = _rows(touched[:kept], series, snapshots, now)
        stored = _insert(sorted(rows, key=lambda row: row[:3]))
        if stored or gone:
            mark = marks.of_samples(touched, series, now)
            run_only(marks.appended(self._dialect, mark, HOUR))
        return stored - min(gone, len(replaced))

    def roll_up(self, step: timedelta, now: datetime) -> RolledUp:
        """See SampleStore.roll_up. Writers come one by one, so none else is at work."""
        work = RollUp(self._dialect, step, now)
        waiting = work.waiting()

        def alone() -> RolledUp:
            work.thin()
            return work.work_off(waiting[-1]) if waiting else RolledUp()

        return in_transaction(alone, frozen=True)

    def drop_before(self, table: Table, day: date) -> Dropped:
        """See SampleStore.drop_before."""
        return Dropped(rows=dropping.delete_before(self._dialect, table, table.name, day))

    def found_before(self, table: Table, day: date) -> Dropped:
        """See SampleStore.found_before."""
        found = dropping.count_before(self._dialect, table.name, table.column, day)
        return Dropped(rows=found)

    def used_snapshots(self) -> set[int]:
        """See SampleStore.used_snapshots."""
        return {number for (number,) in run(Sql("SELECT DISTINCT metadata_id FROM sample"))}


Row = tuple[int, int, bytes, int, int, float | None]


def _insert(rows: list[Row]) -> int:
    with connection.cursor() as cursor:
        cursor.executemany(SAMPLES, rows)
        stored: int = cursor.rowcount
        return stored


def _rows(
    samples: Sequence[Sample], series: list[int], snapshots: list[int], now: datetime
) -> Iterator[Row]:
    fresh = to_microseconds(now)
    for sample, series_id, metadata_id in zip(samples, series, snapshots, strict=False):
        recorded = sample.recorded_at
        yield (
            series_id,
            to_microseconds(sample.timestamp),
            sample.message_id.bytes,
            metadata_id,
            fresh if recorded is None else to_microseconds(recorded),
            sample.volume,
        )


def find_series(wanted: list[SeriesName]) -> dict[SeriesName, int]:
    """The ids of the series, made where they are missing; in the order of `wanted`."""
    by_key = {series_hash(name): name for name in wanted}
    rows = run(Sql(SERIES, (b"".join(by_key), json.dumps(wanted))))
    return {by_key[key]: number for key, number in rows}


def find_snapshots(wanted: list[bytes]) -> dict[bytes, int]:
    """The ids of the snapshots, made where they are missing."""
    by_key = {short_hash(body): body for body in wanted}
    bodies = json.dumps([body.decode() for body in wanted])
    rows = run(Sql(SNAPSHOTS, (b"".join(by_key), bodies)))
    return {by_key[key]: number for key, number in rows}
