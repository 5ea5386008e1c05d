"""Statistics of the samples themselves, in one statement."""

from datetime import datetime

from meters.statistics import StatisticsQuery
from meters.storage.conditions import Conditions, split
from meters.storage.dialect import Dialect
from meters.storage.probes import Probes
from meters.storage.statistics_rows import StatisticsRows
from telemetry_site.core.query.tree import EVERYTHING
from telemetry_site.core.storage.sql import Sql, all_of

STATISTICS = """
SELECT c.unit, min(c.volume), max(c.volume), sum(c.volume), count(c.volume),
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


def statement(dialect: Dialect, query: StatisticsQuery, rows: StatisticsRows, now: datetime) -> Sql:
    """The statement that answers the query."""
    conditions = Conditions(dialect)
    selection = query.selection
    where = all_of([*conditions.within(selection), conditions.of(selection.where)])
    by_type = "instance_type" in query.groupby
    bucket = _bucket(dialect, query, rows.period, now)
    text = STATISTICS.format(
        columns=rows.columns(bucket.text, dialect.squares("c.volume")),
        instance_type=f", {dialect.instance_type} AS instance_type" if by_type else "",
        metadata=" JOIN meters_metadatasnapshot m ON m.id = s.metadata_id" if by_type else "",
        where=where.text,
        present="WHERE c.instance_type IS NOT NULL " if by_type else "",
        keys=", ".join(rows.keys),
        order=rows.order,
    )
    return Sql(text, bucket.params + where.params)


def _bucket(dialect: Dialect, query: StatisticsQuery, period: int, now: datetime) -> Sql:
    if not period:
        return Sql("")
    if query.origin is not None:
        origin = Sql("%s", (dialect.moment(query.origin),))
    else:
        origin = earliest(dialect, query, now)
    return dialect.period_start("c.timestamp", origin, period)


def earliest(dialect: Dialect, query: StatisticsQuery, now: datetime) -> Sql:
    """The time of the first sample of the selection, as a subquery."""
    conditions = Conditions(dialect)
    series, rest = split(query.selection.where)
    where = conditions.of(series)
    if rest == EVERYTHING:
        probe = Probes(dialect, query.selection, where, now).oldest()
        text = EARLIEST.format(probe=probe.text, series=where.text)
        return Sql(text, probe.params + where.params)
    where = all_of([*conditions.within(query.selection), where, conditions.of(rest)])
    return Sql(EARLIEST_OF_ALL.format(where=where.text), where.params)
