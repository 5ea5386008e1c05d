"""The newest sample of each series, and how many came lately."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, OuterRef, QuerySet, Subquery

from meters.models import Series, StoredSample
from meters.storage.dialect import Dialect
from meters.storage.marks import SECONDS
from meters.storage.spans import DAY, HOUR, down
from telemetry_site.core.clock import EPOCH
from telemetry_site.core.storage.sql import Sql, run
from telemetry_site.core.transactions import one_snapshot

# From when on an hour or day may be behind.
BEHIND = """
SELECT k.step, min(k.start) FROM rollup_mark k
WHERE k.start >= COALESCE((SELECT kept_since FROM store_state), %s) GROUP BY k.step
"""
# Samples where hours may be behind, hours where days may be, and days before.
LATEST = """
SELECT r.id,
    CASE WHEN s.timestamp IS NOT NULL THEN s.volume
        WHEN h.start IS NOT NULL THEN h.last ELSE d.last END,
    COALESCE(s.timestamp, h.latest, d.latest)
FROM ({series}) r {sample} {hour} {day}
"""


class Latest(NamedTuple):
    """The last sample of a series: its volume, and its time in aware UTC."""

    volume: float | None
    seen: datetime


def latest_of(dialect: Dialect, series: QuerySet[Series], now: datetime) -> dict[int, Latest]:
    """The last sample of each of the series by its id; without those that have none."""
    text, params = series.order_by().values("id").query.sql_with_params()
    with one_snapshot():
        statement = _statement(dialect, Sql(text, tuple(params)), _behind(dialect, now))
        rows = run(statement)
    return {row[0]: Latest(row[1], dialect.moment_of(row[2])) for row in rows if row[2] is not None}


def _behind(dialect: Dialect, now: datetime) -> tuple[Any, Any]:
    """Since when hours, and since when days may be behind; as parameters."""
    found = {step: dialect.moment_of(at) for step, at in run(Sql(BEHIND, (dialect.moment(EPOCH),)))}
    hours = min(found.get(SECONDS[HOUR], now), down(now, HOUR))
    days = min(found.get(SECONDS[DAY], now), down(hours, DAY))
    return dialect.moment(hours), dialect.moment(days)


def _statement(dialect: Dialect, series: Sql, behind: tuple[Any, Any]) -> Sql:
    hours, days = behind
    sample = dialect.last_row(
        "s", "sample", ("timestamp", "message_id"), Sql("t.timestamp >= %s", (hours,))
    )
    hour = dialect.last_row(
        "h",
        "rollup_hour",
        ("start",),
        Sql("t.start >= %s AND t.start < %s AND s.timestamp IS NULL", (days, hours)),
    )
    day = dialect.last_row(
        "d",
        "rollup_day",
        ("start",),
        Sql("t.start < %s AND s.timestamp IS NULL AND h.start IS NULL", (days,)),
    )
    text = LATEST.format(series=series.text, sample=sample.text, hour=hour.text, day=day.text)
    return Sql(text, series.params + sample.params + hour.params + day.params)


def with_count_since(series: QuerySet[Series], since: datetime) -> QuerySet[Series]:
    """The series with `count_since`: how many samples each has from then on, NULL for none.

    A probe of the index for each series: a join may end up reading the whole day.
    """
    samples = StoredSample.objects.filter(series=OuterRef("pk"), timestamp__gte=since)
    counted = samples.order_by().values("series").annotate(found=Count("*")).values("found")
    return series.annotate(count_since=Subquery(counted))
