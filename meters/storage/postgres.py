"""The store for production: PostgreSQL, fed by binary COPY."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import connection

from meters.samples import Sample
from meters.selection import SampleQuery
from meters.storage import copybuffer, dropping, marks
from meters.storage.deleting import delete
from meters.storage.names import NAMES_LOCK, SeriesName, ids_of, series_hash, short_hash
from meters.storage.partitioned import DAYS, HOURS, SAMPLES
from meters.storage.postgres_dialect import PostgresDialect
from meters.storage.reading import ReadingStore
from meters.storage.rollups import RolledUp, RollUp
from meters.storage.spans import DAY, HOUR
from telemetry_site.core import clock
from telemetry_site.core.storage import partitions
from telemetry_site.core.storage.copying import store_new
from telemetry_site.core.storage.dropping import Dropped, drop_partitions, partitions_before
from telemetry_site.core.storage.sql import Sql, run, run_only
from telemetry_site.core.storage.table import Table
from telemetry_site.core.transactions import in_transaction

ROLLUP_LOCK = 0x5A3B20

# Ids follow the order of arrival, rows are inserted in the order of their keys: two transactions
# that make the same names then never wait for each other in a circle. DO UPDATE is for a name
# that another transaction makes at this moment: it waits and gives the other's id.
SERIES = """
WITH wanted AS MATERIALIZED (
    SELECT * FROM unnest(%s::bytea[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
        %s::text[], %s::text[]) WITH ORDINALITY
        AS w(key, meter, type, unit, resource, project, "user", source, place)
), found AS MATERIALIZED (
    SELECT key, r.id FROM meters_series r JOIN wanted USING (key)
), fresh AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('meters_series', 'id')) AS id, w.* FROM (
        SELECT * FROM wanted WHERE key NOT IN (SELECT key FROM found) ORDER BY place) w
), made AS (
    INSERT INTO meters_series (id, key, meter, type, unit, resource, project, "user", source)
    SELECT id, key, meter, type, unit, resource, project, "user", source FROM fresh ORDER BY key
    ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING key, id
)
SELECT key, id FROM found UNION ALL SELECT key, id FROM made
"""
SNAPSHOTS = """
WITH wanted AS MATERIALIZED (
    SELECT * FROM unnest(%s::bytea[], %s::text[]) AS w(hash, body)
), found AS MATERIALIZED (
    SELECT hash, m.id FROM meters_metadatasnapshot m JOIN wanted USING (hash)
), made AS (
    INSERT INTO meters_metadatasnapshot (hash, body)
    SELECT hash, body::jsonb FROM wanted WHERE hash NOT IN (SELECT hash FROM found) ORDER BY hash
    ON CONFLICT (hash) DO UPDATE SET hash = excluded.hash RETURNING hash, id
)
SELECT hash, id FROM found UNION ALL SELECT hash, id FROM made
"""

# A text, to be passed over, or a number with a positive exponent.
EXPONENT = re.compile(rb"[:,[]-?[0-9.]+e[0-9]")  # there may be one
EXPONENTS = re.compile(rb'"(?:[^"\\]|\\.)*"|-?[0-9.]+e[0-9]+')

# Names are deleted while nobody writes; see `meters.storage.retention`.
OPENING = f"""
SELECT pg_advisory_xact_lock_shared({NAMES_LOCK});
SELECT COALESCE((SELECT names FROM store_state), 0)
"""
ALONE = f"SELECT pg_try_advisory_xact_lock({ROLLUP_LOCK})"
# Series by series: the planner would rather read a whole day for one hour of it.
BY_INDEX = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
ROLLUPS = {HOUR: HOURS, DAY: DAYS}
USED = "SELECT DISTINCT metadata_id FROM {table}"


class PostgresStore(ReadingStore):
    """See SampleStore."""

    def __init__(self) -> None:
        super().__init__(PostgresDialect())

    def prepare(self, samples: Sequence[Sample]) -> None:
        """Make the partitions of days that have none."""
        partitions.make_for(SAMPLES, [sample.timestamp for sample in samples], clock.now())

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
        generation: int = run(Sql(OPENING))[0][0]
        touched = [*samples, *replaced, *withdrawn] if replaced or withdrawn else samples
        series, snapshots = ids_of(touched, generation, find_series, find_snapshots)
        mark = marks.appended(self._dialect, marks.of_samples(touched, series, now), HOUR)
        gone = delete(touched[len(samples) :], series[len(samples) :])
        kept = len(samples) + len(replaced)
        if not kept:
            return run_only(mark) and 0
        rows = copybuffer.encode(touched[:kept], series, snapshots, now)
        stored = store_new(SAMPLES.name, copybuffer.COLUMNS, rows, mark)
        return stored - min(gone, len(replaced))

    def roll_up(self, step: timedelta, now: datetime) -> RolledUp:
        """See SampleStore.roll_up."""
        work = RollUp(self._dialect, step, now)
        waiting = work.waiting()
        partitions.make_for(ROLLUPS[step], waiting, now)

        def alone() -> RolledUp:
            if not run(Sql(ALONE))[0][0]:
                return RolledUp()
            run_only(Sql(BY_INDEX))
            work.thin()
            return work.work_off(waiting[-1]) if waiting else RolledUp()

        return in_transaction(alone, frozen=True)

    def drop_before(self, table: Table, day: date) -> Dropped:
        """See SampleStore.drop_before. Of DEFAULT, row by row."""
        return Dropped(
            drop_partitions(partitions_before(table, day)),
            dropping.delete_before(self._dialect, table, table.default, day),
        )

    def found_before(self, table: Table, day: date) -> Dropped:
        """See SampleStore.found_before."""
        return Dropped(
            tuple(partitions_before(table, day)),
            dropping.count_before(self._dialect, table.default, table.column, day),
        )

    def used_snapshots(self) -> set[int]:
        """See SampleStore.used_snapshots. A partition at a time: none is held for long."""
        used: set[int] = set()
        for name in partitions.names(SAMPLES):
            used.update(number for (number,) in run(Sql(USED.format(table=name))))
        return used

    def sample(self, query: SampleQuery) -> Sample | None:
        """See SampleStore.sample. The planner thinks too little of an index of bloom filters."""
        with connection.cursor() as cursor:
            cursor.execute("SET enable_seqscan = off")
            try:
                return super().sample(query)
            finally:
                cursor.execute("RESET enable_seqscan")


def find_series(wanted: list[SeriesName]) -> dict[SeriesName, int]:
    """The ids of the series, made where they are missing; in the order of `wanted`."""
    by_key = {series_hash(name): name for name in wanted}
    columns = [list(column) for column in zip(*wanted, strict=True)]
    rows = run(Sql(SERIES, (list(by_key), *columns)))
    return {by_key[bytes(key)]: number for key, number in rows}


def find_snapshots(wanted: list[bytes]) -> dict[bytes, int]:
    """The ids of the snapshots, made where they are missing."""
    by_key = {short_hash(body): body for body in wanted}
    rows = run(Sql(SNAPSHOTS, (list(by_key), list(map(_as_jsonb, wanted)))))
    return {by_key[bytes(key)]: number for key, number in rows}


def _as_jsonb(body: bytes) -> str:
    """The body with large floats written out: jsonb would make whole numbers of 1e16."""
    if EXPONENT.search(body) is None:
        return body.decode()
    return EXPONENTS.sub(_written_out, body).decode()


def _written_out(found: re.Match[bytes]) -> bytes:
    text = found[0]
    return text if text.startswith(b'"') else f"{float(text):.1f}".encode()
