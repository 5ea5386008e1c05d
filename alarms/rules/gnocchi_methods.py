"""Gnocchi's aggregation methods: values of one metric in a bucket, and those of several metrics.

As in gnocchi/carbonara.py and gnocchi/rest/aggregates/operations.py of Gnocchi 4: std divides by
one less than the number of values within a metric, where one value has none, and by their number
across metrics; count across metrics is how many have the bucket; a percentile lies on the line
between its two neighbours.
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from meters.windows import Point, Summary

RATE = "rate:"
PERCENTILE = re.compile(r"([1-9][0-9]?)pct")
PLAIN = ("mean", "min", "max", "sum", "count", "std")  # a bucket as it is summed up is enough
OTHERS = ("median", "first", "last")
ENDS = ("first", "last")

Values: TypeAlias = Mapping[datetime, float]


class Method(NamedTuple):
    """A method by name, of the values or of their differences."""

    name: str
    rate: bool

    @property
    def of_buckets(self) -> bool:
        """Whether summed up buckets say it."""
        return self.name in PLAIN and not self.rate

    @property
    def text(self) -> str:
        """As it is written."""
        return (RATE if self.rate else "") + self.name


class Ended(NamedTuple):
    """The value of one metric in a bucket, and the time of the sample that it is, if it is one."""

    value: float
    at: datetime | None = None


def method(text: str) -> Method | None:
    """The method of this name; None where there is none.

    >>> method("rate:95pct"), method("100pct")
    (Method(name='95pct', rate=True), None)
    """
    name = text.removeprefix(RATE)
    known = name in (*PLAIN, *OTHERS) or PERCENTILE.fullmatch(name) is not None
    return Method(name, text.startswith(RATE)) if known else None


def all_methods() -> list[str]:
    """The names of all of them."""
    names = [*PLAIN, *OTHERS, *(f"{n}pct" for n in range(1, 100))]
    return names + [RATE + name for name in names]


def of_summaries(
    method: Method, meters: Sequence[Iterable[Summary]], *, several: bool = True
) -> Values:
    """The values of the buckets of metrics: of each meter, that of each resource is one.

    Where there may be `several`, they are put together, also if there is one: its count is 1.
    """
    found: defaultdict[datetime, list[Ended]] = defaultdict(list)
    for one in (one for some in meters for one in some):
        if (value := _summed(method.name, one)) is not None:
            found[one.start].append(Ended(value))
    return _across(method, found, several=several)


def of_points(
    method: Method,
    meters: Sequence[Iterable[Point]],
    start: datetime,
    bucket: Callable[[datetime], datetime],
    *,
    several: bool = True,
) -> Values:
    """The same of samples from `start` on; the first are compared with those before it."""
    metrics: defaultdict[tuple[int, str], list[Point]] = defaultdict(list)
    for place, point in ((place, one) for place, some in enumerate(meters) for one in some):
        metrics[place, point.resource].append(point)
    found: defaultdict[datetime, list[Ended]] = defaultdict(list)
    for some in metrics.values():
        for begin, values in _buckets(_derived(method, some), start, bucket).items():
            found[begin].append(_of(method.name, values))
    return _across(method, found, several=several)


def bucket_of(seconds: int, epoch: datetime) -> Callable[[datetime], datetime]:
    """The beginning of the bucket that a moment lies in."""
    step = timedelta(seconds=seconds)
    return lambda moment: moment - (moment - epoch) % step


def _derived(method: Method, points: Sequence[Point]) -> Sequence[tuple[datetime, float]]:
    if not method.rate:
        return [(one.timestamp, one.volume) for one in points]
    return [(two.timestamp, two.volume - one.volume) for one, two in pairwise(points)]


def _buckets(
    values: Iterable[tuple[datetime, float]],
    start: datetime,
    bucket: Callable[[datetime], datetime],
) -> Mapping[datetime, list[tuple[datetime, float]]]:
    found: defaultdict[datetime, list[tuple[datetime, float]]] = defaultdict(list)
    for at, value in values:
        if at >= start:
            found[bucket(at)].append((at, value))
    return found


def _of(name: str, pairs: Sequence[tuple[datetime, float]]) -> Ended:
    if name in ENDS:
        at, value = pairs[0] if name == "first" else pairs[-1]
        return Ended(value, at)
    values = [value for _, value in pairs]
    if name == "std":
        return Ended(_deviation(values, len(values) - 1))
    return Ended(SIMPLE[name](values) if name in SIMPLE else percentile(values, _share(name)))


def _summed(name: str, one: Summary) -> float | None:
    if name == "std":
        return math.sqrt(one.squares / (one.samples - 1)) if one.samples > 1 else None
    return {
        "mean": one.total / one.samples,
        "min": one.lowest,
        "max": one.highest,
        "sum": one.total,
        "count": float(one.samples),
    }[name]


def _across(method: Method, found: Mapping[datetime, Sequence[Ended]], *, several: bool) -> Values:
    """Each bucket's value: that of the one metric, or the method over those that have it."""
    values: dict[datetime, float] = {}
    for begin in sorted(found):
        some = [one for one in found[begin] if not math.isnan(one.value)]
        if some:
            values[begin] = _together(method.name, some) if several else some[0].value
    return values


def _together(name: str, some: Sequence[Ended]) -> float:
    values = [one.value for one in some]
    if name == "first":
        return min(some, key=_when).value
    if name == "last":
        return max(some, key=_when).value
    if name == "std":
        return _deviation(values, len(values))
    return SIMPLE[name](values) if name in SIMPLE else percentile(values, _share(name))


def _when(one: Ended) -> datetime:
    assert one.at is not None  # noqa: S101 - see _of
    return one.at


def _deviation(values: Sequence[float], divisor: int) -> float:
    """No number where there is nothing to divide by."""
    if divisor < 1:
        return math.nan
    mean = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / divisor)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of them lies.

    >>> percentile([4.0, 1.0, 2.0], 0.75)
    3.0
    """
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _share(name: str) -> float:
    return int(name.removesuffix("pct")) / 100


SIMPLE: Mapping[str, Callable[[Sequence[float]], float]] = {
    "mean": lambda values: math.fsum(values) / len(values),
    "min": min,
    "max": max,
    "sum": math.fsum,
    "count": lambda values: float(len(values)),
    "median": lambda values: percentile(values, 0.5),
}
