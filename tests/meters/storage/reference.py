"""Statistics of samples in plain, slow Python: an independent way to the same answer."""

import json
import statistics as python
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from meters.samples import Sample
from meters.selection import Selection
from meters.statistics import Aggregate, Grouping, Statistics, StatisticsQuery
from telemetry_site.core.query.tree import And, Compare, Node


def statistics(samples: Sequence[Sample], query: StatisticsQuery) -> list[Statistics]:
    """What the store should answer when it holds these samples."""
    chosen = [sample for sample in samples if selected(sample, query.selection)]
    if not chosen:
        return []
    origin = query.origin or min(sample.timestamp for sample in chosen)
    rows: dict[tuple[Any, ...], list[Sample]] = defaultdict(list)
    for sample in chosen:
        groups = tuple(group(sample, name) for name in query.groupby)
        if (
            "instance_type" in query.groupby
            and groups[query.groupby.index("instance_type")] is None
        ):
            continue
        step = timedelta(seconds=query.period)
        bucket = (sample.timestamp - origin) // step if query.period else 0
        rows[bucket, groups, sample.unit].append(sample)
    return [
        row(origin + bucket * timedelta(seconds=query.period), groups, unit, members, query)
        for (bucket, groups, unit), members in sorted(rows.items(), key=sortable)
    ]


def sortable(item: tuple[tuple[Any, ...], Any]) -> Any:
    bucket, groups, unit = item[0]
    return (bucket, [("" if v is None else "x" + v) for v in (*groups, unit)])


def group(sample: Sample, name: Grouping) -> str | None:
    if name != "instance_type":
        return getattr(sample, name)  # type: ignore[no-any-return]  # a text field
    return json.loads(sample.metadata).get(name)  # type: ignore[no-any-return]  # text here


def selected(sample: Sample, selection: Selection) -> bool:
    start, end, time = selection.start, selection.end, sample.timestamp
    if start and (time < start.at or (time == start.at and not start.inclusive)):
        return False
    if end and (time > end.at or (time == end.at and not end.inclusive)):
        return False
    return true(selection.where, sample)


def true(where: Node, sample: Sample) -> bool:
    """Only what the tests ask: And over equalities."""
    if isinstance(where, And):
        return all(true(part, sample) for part in where.parts)
    assert isinstance(where, Compare)
    if where.field == "metadata":
        return bool(json.loads(sample.metadata).get(where.path[0]) == where.value)
    return bool(getattr(sample, where.field) == where.value)


def row(
    start: Any, groups: Any, unit: str | None, members: list[Sample], query: StatisticsQuery
) -> Statistics:
    volumes = [sample.volume for sample in members if sample.volume is not None]
    times = [sample.timestamp for sample in members]
    first, last = min(times), max(times)
    return Statistics(
        unit=unit,
        groupby=groups,
        min=min(volumes, default=None),
        max=max(volumes, default=None),
        avg=python.fmean(volumes) if volumes else None,
        sum=sum(volumes) if volumes else None,
        count=len(volumes),
        first=first,
        last=last,
        period_start=start if query.period else first,
        period_end=start + timedelta(seconds=query.period) if query.period else last,
        extra={aggregate: extra(aggregate, volumes, members) for aggregate in query.aggregates},
    )


def extra(aggregate: Aggregate, volumes: list[float], members: list[Sample]) -> float | None:
    if aggregate.function == "stddev":
        return python.pstdev(volumes) if volumes else None
    names = {getattr(sample, aggregate.param or "") for sample in members}
    return float(len(names - {None}))


def assert_equal(found: list[Statistics], expected: list[Statistics]) -> None:
    """Exactly equal, but for sum, avg and stddev, which may differ in their last digits."""
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert exact(one) == exact(other)
        # Where large volumes cancel out, the last digits are those of the largest.
        scale = max(abs(other.min or 0), abs(other.max or 0), 1) * max(other.count, 1)
        expectation = pytest.approx(inexact(other), rel=1e-9, abs=1e-15 * scale)
        assert inexact(one) == expectation


def exact(row: Statistics) -> tuple[Any, ...]:
    times = (row.first, row.last, row.period_start, row.period_end)
    counted = {a: v for a, v in row.extra.items() if a.function == "cardinality"}
    missing = (row.sum is None, row.avg is None, row.extra.get(Aggregate("stddev")) is None)
    return (row.unit, row.groupby, row.count, row.min, row.max, *times, *missing, counted)


def inexact(row: Statistics) -> list[float]:
    return [row.sum or 0, row.avg or 0, row.extra.get(Aggregate("stddev")) or 0]
