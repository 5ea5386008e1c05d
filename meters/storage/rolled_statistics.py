"""Statistics of rollups where these say what the samples say, and of the samples elsewhere."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from meters.statistics import StatisticsQuery
from meters.storage.behind import behind
from meters.storage.conditions import Conditions, split
from meters.storage.dialect import Dialect
from meters.storage.marks import SECONDS
from meters.storage.merging import SQUARES, with_mean
from meters.storage.raw_statistics import earliest
from meters.storage.rollups import TABLES
from meters.storage.selected import inside, span_of
from meters.storage.spans import DAY, HOUR, Periods, Pieces, Span, down, pieces, up
from meters.storage.statistics_rows import StatisticsRows
from telemetry_site.core.clock import shifted
from telemetry_site.core.query.tree import EVERYTHING
from telemetry_site.core.storage.sql import Sql, joined, run

STATISTICS = """
SELECT c.unit, min(c.lowest), max(c.highest), sum(c.total), CAST(sum(c.n) AS bigint),
    min(c.earliest), max(c.latest){columns}
FROM ({partials}) c GROUP BY {keys} ORDER BY {order}
"""
OF_ROLLUPS = """
SELECT {named}{bucket}, s.n, s.total, s.lowest, s.highest, s.earliest, s.latest, s.squares
FROM meters_series r CROSS JOIN {table} s WHERE s.series_id = r.id AND {spans} AND {series}
"""
OF_SAMPLES = """
SELECT {named}{bucket}, count(s.volume) AS n, sum(s.volume) AS total, min(s.volume) AS lowest,
    max(s.volume) AS highest, min(s.timestamp) AS earliest, max(s.timestamp) AS latest,
    {squares} AS squares
FROM meters_series r CROSS JOIN sample s WHERE s.series_id = r.id AND {spans} AND {series}
GROUP BY r.id{grouped}
"""


class RolledStatistics:
    """A query that rollups may answer; to be asked in one snapshot."""

    def __init__(
        self, dialect: Dialect, query: StatisticsQuery, rows: StatisticsRows, now: datetime
    ) -> None:
        self._dialect = dialect
        self._query = query
        self._rows = rows
        self._now = now
        self._open_from = down(now, HOUR)
        self._asked = span_of(query.selection)
        self._where, self._rest = split(query.selection.where)

    @property
    def worth_it(self) -> bool:
        """Whether at least one hour could come from a rollup."""
        start, end = self._asked
        return (
            self._rest == EVERYTHING
            and "instance_type" not in self._query.groupby
            and (not self._rows.period or self._rows.period >= SECONDS[HOUR])
            and shifted(up(start, HOUR), HOUR) <= min(end, self._open_from)
        )

    def statement(self) -> Sql | None:
        """The statement that answers the query; None where the samples alone had better do it."""
        series = Conditions(self._dialect).of(self._where)
        found = behind(self._dialect, series, self._asked, self._open_from)
        origin, periods = self._origin(), None
        if self._rows.period:
            if origin is None:
                return None
            periods = Periods(origin, timedelta(seconds=self._rows.period))
        cut = pieces(self._asked, self._open_from, found.dirty, periods)
        if not cut.hours and not cut.days:
            return None
        return self._merged(cut, origin, series)

    def _origin(self) -> datetime | None:
        """Where periods begin: with the earliest sample unless it is said."""
        if self._query.origin is not None or not self._rows.period:
            return self._query.origin
        first = earliest(self._dialect, self._query, self._now)
        ((at,),) = run(Sql(f"SELECT {first.text}", first.params))
        return None if at is None else self._dialect.moment_of(at)

    def _merged(self, found: Pieces, origin: datetime | None, series: Sql) -> Sql:
        rows = self._rows
        partials = joined(" UNION ALL ", self._partials(found, origin, series))
        keys = ", ".join([*(["c.bucket"] if rows.period else []), *rows.groups, "c.unit"])
        text = STATISTICS.format(
            columns=rows.columns("c.bucket", SQUARES),
            partials=with_mean(partials.text, keys) if rows.deviates else partials.text,
            keys=", ".join(rows.keys),
            order=rows.order,
        )
        return Sql(text, partials.params)

    def _partials(self, found: Pieces, origin: datetime | None, series: Sql) -> Iterator[Sql]:
        if found.days:
            yield self._of_rollups(DAY, found.days, origin, series)
        if found.hours:
            yield self._of_rollups(HOUR, found.hours, origin, series)
        if found.raw:
            yield self._of_samples(found.raw, origin, series)

    def _of_rollups(
        self, step: timedelta, spans: Sequence[Span], origin: datetime | None, series: Sql
    ) -> Sql:
        bucket = self._bucket("s.start", origin)
        if self._rows.period == SECONDS[step]:
            bucket = Sql(", s.start AS bucket")  # or it would lie in two periods
        where = inside(self._dialect, "s.start", spans)
        text = OF_ROLLUPS.format(
            named=self._named(),
            bucket=bucket.text,
            table=TABLES[step],
            spans=where.text,
            series=series.text,
        )
        return Sql(text, bucket.params + where.params + series.params)

    def _of_samples(self, spans: Sequence[Span], origin: datetime | None, series: Sql) -> Sql:
        bucket = self._bucket("s.timestamp", origin)
        where = inside(self._dialect, "s.timestamp", spans)
        text = OF_SAMPLES.format(
            named=self._named(),
            bucket=bucket.text,
            squares=self._dialect.squares("s.volume") if self._rows.deviates else "0.0",
            spans=where.text,
            series=series.text,
            grouped=", bucket" if bucket.text else "",
        )
        return Sql(text, bucket.params + where.params + series.params)

    def _bucket(self, column: str, origin: datetime | None) -> Sql:
        if origin is None or not self._rows.period:
            return Sql("")
        since = Sql("%s", (self._dialect.moment(origin),))
        found = self._dialect.period_start(column, since, self._rows.period)
        return Sql(f", {found.text} AS bucket", found.params)

    def _named(self) -> str:
        return ", ".join(f'r."{name}"' for name in self._rows.named)
