"""Statistics in one statement: buckets by arithmetic, never by a loop over them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from meters.statistics import Aggregate, Statistics, StatisticsQuery
from meters.storage.conditions import Conditions, split
from meters.storage.dialect import Dialect
from meters.storage.probes import Probes
from meters.storage.sql import Sql, all_of, run
from telemetry_site.core.query.tree import EVERYTHING

# More than any stretch of time a datetime can express, and still a number of microseconds.
LONGEST_PERIOD = 10_000 * 366 * 86_400
END_OF_TIME = datetime.max.replace(tzinfo=UTC)

STATISTICS = """
SELECT c.unit, min(c.volume), max(c.volume), avg(c.volume), sum(c.volume), count(c.volume),
    min(c.timestamp), max(c.timestamp){columns}
FROM (
    SELECT s.timestamp, s.volume, r.unit, r."user", r.resource, r.project, r.source{instance_type}
    FROM meters_series r CROSS JOIN sample s{metadata}
    WHERE s.series_id = r.id AND {where}
) c
{present}GROUP BY {keys} ORDER BY {order}
"""
# The earliest sample of the selection, by one probe for each of its series.
EARLIEST = """
(SELECT min({probe}) FROM meters_series r WHERE {series})
"""
# Where more is asked than owner and time, all samples must be looked at.
EARLIEST_OF_ALL = """
(SELECT min(s.timestamp) FROM meters_series r CROSS JOIN sample s
WHERE s.series_id = r.id AND {where})
"""
FIXED = 8


class StatisticsStatement:
    """Asks one StatisticsQuery and reads the answer."""

    def __init__(self, dialect: Dialect, query: StatisticsQuery, now: datetime) -> None:
        self._dialect = dialect
        self._now = now
        self._query = query
        self._period = min(query.period, LONGEST_PERIOD)
        self._extra = [a for a in query.aggregates if a.function in ("stddev", "cardinality")]

    def answer(self) -> list[Statistics]:
        """One row for each (period, group, unit) that has samples."""
        return [self._row(row) for row in run(self._statement())]

    def _statement(self) -> Sql:
        conditions = Conditions(self._dialect)
        selection = self._query.selection
        where = all_of([*conditions.within(selection), conditions.of(selection.where)])
        by_type = "instance_type" in self._query.groupby
        bucket = self._bucket(conditions)
        groups = [f'c."{name}"' for name in self._query.groupby]
        keys = [*([str(FIXED + 1)] if bucket else []), *groups, "c.unit"]
        text = STATISTICS.format(
            columns="".join(f", {column}" for column in self._columns(bucket, groups)),
            instance_type=f", {self._dialect.instance_type} AS instance_type" if by_type else "",
            metadata=" JOIN meters_metadatasnapshot m ON m.id = s.metadata_id" if by_type else "",
            where=where.text,
            present="WHERE c.instance_type IS NOT NULL " if by_type else "",
            keys=", ".join(keys),
            order=", ".join(self._sorted(keys)),
        )
        return Sql(text, (bucket.params if bucket else ()) + where.params)

    def _bucket(self, conditions: Conditions) -> Sql | None:
        if not self._period:
            return None
        if self._query.origin is not None:
            origin = Sql("%s", (self._dialect.moment(self._query.origin),))
        else:
            origin = self._earliest(conditions)
        return self._dialect.period_start(origin, self._period)

    def _earliest(self, conditions: Conditions) -> Sql:
        within = conditions.within(self._query.selection)
        series, rest = split(self._query.selection.where)
        where = conditions.of(series)
        if rest == EVERYTHING:
            probe = Probes(self._dialect, self._dialect.stretches(self._now), within).oldest()
            text = EARLIEST.format(probe=probe.text, series=where.text)
            return Sql(text, probe.params + where.params)
        where = all_of([*within, where, conditions.of(rest)])
        return Sql(EARLIEST_OF_ALL.format(where=where.text), where.params)

    def _columns(self, bucket: Sql | None, groups: list[str]) -> Iterator[str]:
        if bucket:
            yield bucket.text
        yield from groups
        for aggregate in self._extra:
            if aggregate.function == "stddev":
                yield f"{self._dialect.stddev}(c.volume)"
            else:
                yield f'count(DISTINCT c."{aggregate.param}")'

    def _sorted(self, keys: list[str]) -> Iterator[str]:
        for key in keys:
            text = key.startswith("c.")
            yield f"{key}{self._dialect.byte_order} NULLS FIRST" if text else key

    def _row(self, row: tuple[Any, ...]) -> Statistics:
        moment_of = self._dialect.moment_of
        first, last = moment_of(row[6]), moment_of(row[7])
        rest = list(row[FIXED:])
        start, end = first, last
        if self._period:
            start = moment_of(rest.pop(0))
            end = later(start, self._period)
        groups = tuple(rest[: len(self._query.groupby)])
        return Statistics(
            unit=row[0],
            groupby=groups,
            min=row[1],
            max=row[2],
            avg=row[3],
            sum=row[4],
            count=row[5],
            first=first,
            last=last,
            period_start=start,
            period_end=end,
            extra=self._extras(rest[len(groups) :]),
        )

    def _extras(self, values: list[Any]) -> dict[Aggregate, float | None]:
        return {
            aggregate: None if value is None else float(value)
            for aggregate, value in zip(self._extra, values, strict=True)
        }


def later(moment: datetime, seconds: int) -> datetime:
    """So many seconds later, or the end of time.

    >>> later(datetime(9999, 1, 1, tzinfo=UTC), 10**11).year
    9999
    """
    try:
        return moment + timedelta(seconds=seconds)
    except OverflowError:
        return END_OF_TIME
