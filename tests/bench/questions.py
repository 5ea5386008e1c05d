"""The questions, each as the store is asked it and as SQL over the samples that knows no store."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from meters.selection import Bound, Selection
from meters.statistics import Aggregate, Statistics, StatisticsQuery
from meters.storage.store import store
from telemetry_site.core.query.tree import And, Compare
from tests.bench import workload
from tests.bench.agreement import RawRow
from tests.bench.databases import rows
from tests.bench.dataset import Span

HOURLY = 3_600
STDDEV = Aggregate("stddev")
RAW = """
SELECT date_bin('1 hour', s.timestamp, %s) AS hour, {group}, r.unit, min(s.volume), max(s.volume),
    avg(s.volume), sum(s.volume), count(s.volume), min(s.timestamp), max(s.timestamp){stddev}
FROM meters_series r JOIN sample s ON s.series_id = r.id
WHERE {where} AND s.timestamp >= %s AND s.timestamp < %s
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""

Params: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Statistics by hours of what `where` says of the columns of a series, over a span."""

    where: dict[str, str]
    span: Span
    by_project: bool = False

    def ask(self, deviation: bool = False) -> list[Statistics]:
        """The answer of the store."""
        return store().statistics(self._query(deviation))

    def ask_raw(self, deviation: bool = False) -> list[RawRow]:
        """The answer of the samples themselves."""
        text = RAW.format(
            group="r.project" if self.by_project else "NULL",
            stddev=", stddev_pop(s.volume)" if deviation else "",
            where=" AND ".join(f"r.{column} = %s" for column in self.where),
        )
        span = self.span
        return rows(text, span.start, *self.where.values(), span.start, span.end)

    def _query(self, deviation: bool) -> StatisticsQuery:
        compared = (Compare(column, "=", value) for column, value in self.where.items())
        return StatisticsQuery(
            Selection(
                And(tuple(compared)),
                Bound(self.span.start, inclusive=True),
                Bound(self.span.end, inclusive=False),
            ),
            period=HOURLY,
            origin=self.span.start,
            groupby=("project",) if self.by_project else (),
            aggregates=(STDDEV,) if deviation else (),
        )


def one_series(span: Span, resource: int = 7) -> Question:
    """One meter of one resource."""
    return Question({"meter": workload.NAMES[0], "resource": workload.resource(resource)}, span)


def one_project(span: Span) -> Question:
    """One meter of all resources of a project."""
    return Question({"meter": workload.NAMES[0], "project": workload.project(0)}, span)


def all_projects(span: Span) -> Question:
    """One meter of every resource, by project."""
    return Question({"meter": workload.NAMES[0]}, span, by_project=True)
