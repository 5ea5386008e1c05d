"""What may be asked about many samples at once, and what the answer is made of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from meters.selection import Selection

Grouping: TypeAlias = Literal["user", "resource", "project", "source", "instance_type"]
Function: TypeAlias = Literal["max", "min", "avg", "sum", "count", "stddev", "cardinality"]
STANDARD: tuple[Function, ...] = ("max", "min", "avg", "sum", "count")


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A selectable aggregate; `param` is the field that cardinality counts distinct values of."""

    function: Function
    param: Literal["resource", "user", "project", "source"] | None = None


@dataclass(frozen=True, slots=True)
class StatisticsQuery:
    """Statistics of a selection: one row for each (period, group, unit) that has samples.

    `period` is in whole seconds, 0 for a single period. Periods start at `origin`, or, when that
    is None, at the earliest sample of the selection. `groupby` "instance_type" stands for the
    metadata of that name and leaves out samples without it.
    """

    selection: Selection
    period: int = 0
    origin: datetime | None = None
    groupby: tuple[Grouping, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()


class Statistics(msgspec.Struct, frozen=True):
    """One row of an answer, times in aware UTC.

    `first` and `last` are the times of the earliest and latest sample of the row. `period_start`
    and `period_end` are the bounds of the bucket, or `first` and `last` without a period.
    min, max, sum and avg leave samples without a volume out, and are None where no sample has
    one; count is the number of samples with a volume. `extra` holds stddev (population) and
    cardinality, as far as they were asked for.
    """

    unit: str | None
    groupby: tuple[str | None, ...]
    min: float | None
    max: float | None
    avg: float | None
    sum: float | None
    count: int
    first: datetime
    last: datetime
    period_start: datetime
    period_end: datetime
    extra: dict[Aggregate, float | None] = {}
