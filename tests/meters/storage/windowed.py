"""What many selectors are answered, in plain, slow Python: from the list of the samples."""

import json
import operator
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from meters.samples import Sample
from meters.windows import Point, Stretch, Summary
from telemetry_site.core.query.tree import And, Compare, Node, Not, Or

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
MISSING = object()


def summaries(
    samples: Sequence[Sample], where: Node, stretch: Stretch, *, by_resource: bool
) -> list[Summary]:
    """The buckets."""
    buckets: dict[tuple[str | None, datetime], list[Sample]] = defaultdict(list)
    step = timedelta(seconds=stretch.period)
    for sample in _chosen(samples, where, stretch.start, stretch.end):
        bucket = stretch.origin + (sample.timestamp - stretch.origin) // step * step
        buckets[sample.resource if by_resource else None, bucket].append(sample)
    return [
        _summary(*key, buckets[key]) for key in sorted(buckets, key=lambda k: (k[0] or "", k[1]))
    ]


def points(samples: Sequence[Sample], where: Node, start: datetime, end: datetime) -> list[Point]:
    """The samples."""
    return [
        Point(one.resource, one.timestamp, one.volume or 0.0)
        for one in _chosen(samples, where, start, end)
    ]


def _chosen(samples: Sequence[Sample], where: Node, start: datetime, end: datetime) -> list[Sample]:
    found = [
        sample
        for sample in samples
        if start <= sample.timestamp < end
        and sample.volume is not None
        and true(where, sample) is True
    ]
    return sorted(found, key=lambda one: (one.resource, one.timestamp, one.message_id))


def _summary(resource: str | None, start: datetime, members: list[Sample]) -> Summary:
    members = sorted(members, key=lambda one: (one.timestamp, one.message_id))
    volumes = [one.volume or 0.0 for one in members]
    mean = sum(volumes) / len(volumes)
    squares = sum((volume - mean) ** 2 for volume in volumes)
    return Summary(
        resource, start, len(volumes), sum(volumes), min(volumes), max(volumes), squares,
    )  # fmt: skip


def true(where: Node, sample: Sample) -> bool | None:
    """Whether the condition is true of the sample; None where that is unknown, as in SQL."""
    match where:
        case Not(part):
            found = true(part, sample)
            return None if found is None else not found
        case And(parts):
            return _first((False, None), [true(part, sample) for part in parts], otherwise=True)
        case Or(parts):
            return _first((True, None), [true(part, sample) for part in parts], otherwise=False)
        case Compare("metadata"):
            return _of_metadata(where, sample)
    return _of_field(where, sample)


def _first(
    wanted: tuple[bool | None, ...], found: list[bool | None], *, otherwise: bool
) -> bool | None:
    return next((value for value in wanted if value in found), otherwise)


def _of_metadata(compare: Compare, sample: Sample) -> bool | None:
    if isinstance(compare.value, tuple):
        each = [Compare("metadata", "=", value, compare.path) for value in compare.value]
        return true(Or(tuple(each)), sample)
    found = json.loads(sample.metadata)
    for key in compare.path:
        found = found.get(key, MISSING) if isinstance(found, dict) else MISSING
    if found is MISSING:
        return None
    if compare.value is None:
        return _none(compare, found)
    return _compared(compare, found) if type(found) is type(compare.value) else None


def _of_field(compare: Compare, sample: Sample) -> bool | None:
    found = getattr(sample, compare.field)
    if compare.field == "message_id":
        found = str(found)
    if compare.value is None:
        return _none(compare, found)
    if found is None:
        return None
    return found in compare.value if compare.op == "in" else _compared(compare, found)  # type: ignore[operator]


def _none(compare: Compare, found: Any) -> bool | None:
    return {"=": found is None, "!=": found is not None}.get(compare.op)


def _compared(compare: Compare, found: Any) -> bool:
    return OPERATORS[compare.op](found, compare.value)
