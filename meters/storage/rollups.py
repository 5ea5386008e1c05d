"""The roll-up: hours made of samples and days made of hours, where marks say they are behind.

One transaction sees the marks and what they are about in one snapshot, makes these rollups anew
and deletes exactly the marks it has seen. It never counts on top of what is there: late and
repeated samples leave the same rollup as if they had come in order.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from meters.storage import marks
from meters.storage.dialect import Dialect, Key
from meters.storage.marks import SECONDS, Mark
from meters.storage.merging import MERGED, SQUARES, with_mean
from meters.storage.selected import inside
from meters.storage.spans import DAY, HOUR, Span, down, minus, together
from telemetry_site.core.clock import EPOCH
from telemetry_site.core.storage.sql import Sql, all_of, run, run_only

# In one transaction: of marks, of rollups they ask for, of starts, of hours of all series.
MOST_MARKS = 20_000
MOST_UNITS = 40_000
MOST_STARTS = 1_000
MOST_WHOLE = 24

TABLES = {HOUR: "rollup_hour", DAY: "rollup_day"}
STARTS = """
SELECT start, count(*) - count(series_id) AS whole FROM rollup_mark
WHERE step = %s AND start < %s AND stop <= %s GROUP BY start ORDER BY start LIMIT %s
"""
# What lies before `kept_since` is made of samples that may be gone: it stays as it is.
MARKS = """
SELECT k.id, k.series_id, k.start, k.stop,
    k.start >= COALESCE((SELECT kept_since FROM store_state), %s) AS counts
FROM rollup_mark k WHERE k.step = %s AND k.start <= %s AND k.stop <= %s
ORDER BY k.start LIMIT %s
"""
# Marks repeat themselves while their hour or day is open.
THIN = """
DELETE FROM rollup_mark WHERE step = %s AND start >= %s AND id NOT IN (
    SELECT max(id) FROM rollup_mark WHERE step = %s AND start >= %s GROUP BY start, stop, series_id)
"""
FIELDS = ("n", "total", "lowest", "highest", "earliest", "latest", "squares", "first", "last")
INSERT = """
INSERT INTO {table} (series_id, start, {fields}) {select}
ON CONFLICT (series_id, start) DO UPDATE SET {replaced}
"""
OF_SAMPLES = """
SELECT s.series_id, {bucket} AS begins, count(s.volume), sum(s.volume), min(s.volume),
    max(s.volume), min(s.timestamp), max(s.timestamp), {squares}, {first}, {last}
FROM {source} WHERE {where} GROUP BY s.series_id, begins
"""
OF_HOURS = """
SELECT c.series_id, c.begins, {merged}, {squares}, {first}, {last}
FROM ({hours}) c GROUP BY c.series_id, c.begins
"""
HOURS = "SELECT s.*, {bucket} AS begins FROM {source} WHERE {where}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What lies in these spans: of all series, or as far as it lies in one of the keys."""

    spans: Sequence[Span]
    keys: Sequence[Key] = ()


@dataclass(frozen=True, slots=True)
class RolledUp:
    """How many marks were worked off, and how many rollups were written."""

    marks: int = 0
    rows: int = 0


class RollUp:
    """The hours or days (`step`) that are over and behind, some of them in each transaction."""

    def __init__(self, dialect: Dialect, step: timedelta, now: datetime) -> None:
        self._dialect = dialect
        self._step = step
        self._open_from = down(now, step)

    def waiting(self) -> list[datetime]:
        """The earliest starts that are behind, as many as one transaction takes."""
        open_from = self._dialect.moment(self._open_from)
        rows = run(Sql(STARTS, (SECONDS[self._step], open_from, open_from, MOST_STARTS)))
        counted = accumulate(bool(whole) for _, whole in rows)
        return [
            self._dialect.moment_of(start)
            for (start, _), number in zip(rows, counted, strict=True)
            if number <= MOST_WHOLE
        ]

    def work_off(self, until: datetime) -> RolledUp:
        """Make anew what marks up to this start ask for; to be called in a transaction."""
        taken = self._taken(until)
        if not taken:
            return RolledUp()
        found = {mark for mark, counts in taken.values() if counts}
        written = sum(run_only(self._insert(wanted)) for wanted in self._wanted(found))
        if self._step == HOUR and found:
            run_only(marks.appended(self._dialect, self._days(found), DAY))
        gone = self._dialect.id_in("id", list(taken))
        run_only(Sql(f"DELETE FROM rollup_mark WHERE {gone.text}", gone.params))
        return RolledUp(len(taken), written)

    def _taken(self, until: datetime) -> dict[int, tuple[Mark, bool]]:
        """The earliest marks by their ids, and whether their samples are all there."""
        moment, moment_of = self._dialect.moment, self._dialect.moment_of
        bounds = (moment(EPOCH), SECONDS[self._step], moment(until), moment(self._open_from))
        found: dict[int, tuple[Mark, bool]] = {}
        units = 0
        for number, series, start, stop, counts in run(Sql(MARKS, (*bounds, MOST_MARKS))):
            mark = Mark(series, moment_of(start), moment_of(stop))
            units += (mark.stop - mark.start) // self._step
            if found and units > MOST_UNITS:
                break
            found[number] = (mark, bool(counts))
        return found

    def thin(self) -> None:
        """Of equal marks of what is still open, keep one."""
        start = self._dialect.moment(self._open_from)
        run_only(Sql(THIN, (SECONDS[self._step], start) * 2))

    def _wanted(self, found: set[Mark]) -> Iterator[Wanted]:
        of_all = together((mark.start, mark.stop) for mark in found if mark.series is None)
        if of_all:
            yield Wanted(of_all)
        spans: dict[int, list[Span]] = defaultdict(list)
        for series, start, stop in found:
            if series is not None:
                spans[series] += minus([(start, stop)], of_all)
        # No row may be met by two keys.
        keys = [(series, *span) for series in sorted(spans) for span in together(spans[series])]
        if keys:
            within = (min(start for _, start, _ in keys), max(stop for _, _, stop in keys))
            yield Wanted([within], keys)

    def _days(self, found: Iterable[Mark]) -> list[Mark]:
        touched: dict[datetime, set[int]] = defaultdict(set)
        whole = {down(mark.start, DAY) for mark in found if mark.series is None}
        for series, start, _ in found:
            if series is not None and down(start, DAY) not in whole:
                touched[down(start, DAY)].add(series)
        return [
            *(marks.of_all(day, DAY) for day in sorted(whole)),
            *marks.few_or_all(touched, DAY, down(self._open_from, DAY)),
        ]

    def _insert(self, wanted: Wanted) -> Sql:
        select = self._of_samples(wanted) if self._step == HOUR else self._of_hours(wanted)
        text = INSERT.format(
            table=TABLES[self._step],
            fields=", ".join(FIELDS),
            select=select.text,
            replaced=", ".join(f"{name} = excluded.{name}" for name in FIELDS),
        )
        return Sql(text, select.params)

    def _of_samples(self, wanted: Wanted) -> Sql:
        dialect, order = self._dialect, ("s.timestamp", "s.message_id")
        bucket, source, where = self._begins("s.timestamp"), *self._found_in("sample", wanted)
        text = OF_SAMPLES.format(
            bucket=bucket.text,
            squares=dialect.squares("s.volume"),
            first=dialect.first("s.volume", order),
            last=dialect.last("s.volume", order),
            source=source.text,
            where=where.text,
        )
        return Sql(text, bucket.params + source.params + where.params)

    def _of_hours(self, wanted: Wanted) -> Sql:
        bucket, source, where = self._begins("s.start"), *self._found_in("rollup_hour", wanted)
        hours = HOURS.format(bucket=bucket.text, source=source.text, where=where.text)
        text = OF_HOURS.format(
            merged=MERGED,
            squares=SQUARES,
            first=self._dialect.first("c.first", ["c.start"]),
            last=self._dialect.last("c.last", ["c.start"]),
            hours=with_mean(hours, "series_id, begins"),
        )
        return Sql(text, bucket.params + source.params + where.params)

    def _begins(self, column: str) -> Sql:
        origin = Sql("%s", (self._dialect.moment(EPOCH),))
        return self._dialect.period_start(column, origin, SECONDS[self._step])

    def _found_in(self, table: str, wanted: Wanted) -> tuple[Sql, Sql]:
        """FROM and WHERE over rows s of the table; spans are named so that partitions go."""
        column = "s.timestamp" if table == "sample" else "s.start"
        spans = inside(self._dialect, column, wanted.spans)
        if not wanted.keys:
            source = Sql(f"meters_series r CROSS JOIN {table} s")
            return source, all_of([Sql("s.series_id = r.id"), spans])
        keys = self._dialect.table_of(wanted.keys)
        match = f"s.series_id = w.series_id AND {column} >= w.start AND {column} < w.stop"
        source = Sql(f"{keys.text} CROSS JOIN {table} s", keys.params)
        return source, all_of([Sql(match), spans])
