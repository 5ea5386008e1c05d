"""The rows of a statement of statistics: which columns they have, their order, what they mean."""

import math
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from meters.statistics import Aggregate, Statistics, StatisticsQuery
from meters.storage.dialect import Dialect
from telemetry_site.core.clock import shifted

# More than any stretch of time a datetime can express, and still a number of microseconds.
LONGEST_PERIOD = 10_000 * 366 * 86_400
# unit, lowest, highest, total, n, earliest, latest; then the period, the groups, the extras.
FIXED = 7


class StatisticsRows:
    """What each row of the answer to a query holds, over a table c that has its columns."""

    def __init__(self, dialect: Dialect, query: StatisticsQuery) -> None:
        self._dialect = dialect
        self._query = query
        self.period = min(query.period, LONGEST_PERIOD)
        self._length = timedelta(seconds=self.period)
        self.extra = [a for a in query.aggregates if a.function in ("stddev", "cardinality")]
        self.groups = [f'c."{name}"' for name in query.groupby]

    @property
    def named(self) -> list[str]:
        """The fields of a series that the statement needs."""
        counted = [a.param for a in self.extra if a.param]
        return list(dict.fromkeys(("unit", *self._query.groupby, *counted)))

    @property
    def deviates(self) -> bool:
        """Whether the deviation is asked for."""
        return any(aggregate.function == "stddev" for aggregate in self.extra)

    def columns(self, bucket: str, squares: str) -> str:
        """What follows the fixed columns, each after a comma."""
        extras = [
            squares if a.function == "stddev" else f'count(DISTINCT c."{a.param}")'
            for a in self.extra
        ]
        periods = [bucket] if self.period else []
        return "".join(f", {text}" for text in (*periods, *self.groups, *extras))

    @property
    def keys(self) -> list[str]:
        """What the rows are grouped by; the period is a column by its number."""
        return [*([str(FIXED + 1)] if self.period else []), *self.groups, "c.unit"]

    @property
    def order(self) -> str:
        """By period, group and unit."""
        return ", ".join(
            f"{key}{self._dialect.byte_order} NULLS FIRST" if key.startswith("c.") else key
            for key in self.keys
        )

    def read(self, row: tuple[Any, ...]) -> Statistics:
        """The row as a value."""
        moment_of = self._dialect.moment_of
        unit, lowest, highest, total, count, first, last, *rest = row
        first, last = moment_of(first), moment_of(last)
        start, end = first, last
        if self.period:
            start = moment_of(rest.pop(0))
            end = shifted(start, self._length)
        groups = tuple(rest[: len(self.groups)])
        return Statistics(
            unit,
            groups,
            lowest,
            highest,
            total / count if count else None,
            total if count else None,
            count,
            first,
            last,
            start,
            end,
            dict(self._extras(rest[len(groups) :], count)) if self.extra else {},
        )

    def _extras(self, values: list[Any], count: int) -> Iterator[tuple[Aggregate, float | None]]:
        for aggregate, value in zip(self.extra, values, strict=True):
            if aggregate.function == "cardinality":
                yield aggregate, float(value)
            else:
                yield aggregate, math.sqrt(max(value, 0.0) / count) if count else None
