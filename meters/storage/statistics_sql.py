"""Statistics: by arithmetic on the number of the period, never by a loop over periods.

One statement asks the samples. Where rollups may answer, a look-up before it says which of them
do, and the statement takes from the samples what they do not; both see one snapshot.
"""

from datetime import datetime

from meters.statistics import Statistics, StatisticsQuery
from meters.storage import raw_statistics
from meters.storage.dialect import Dialect
from meters.storage.rolled_statistics import RolledStatistics
from meters.storage.statistics_rows import StatisticsRows
from telemetry_site.core.storage.sql import run
from telemetry_site.core.transactions import one_snapshot


def statistics(dialect: Dialect, query: StatisticsQuery, now: datetime) -> list[Statistics]:
    """One row for each (period, group, unit) that has samples."""
    rows = StatisticsRows(dialect, query)
    rolled = RolledStatistics(dialect, query, rows, now)
    if not rolled.worth_it and (query.origin or not query.period):
        statement = raw_statistics.statement(dialect, query, rows, now)
        return [rows.read(row) for row in run(statement)]
    with one_snapshot():
        found = rolled.statement() if rolled.worth_it else None
        statement = found or raw_statistics.statement(dialect, query, rows, now)
        return [rows.read(row) for row in run(statement)]
