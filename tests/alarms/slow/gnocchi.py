"""The points of the gnocchi rules: buckets by the clock, each resource first, then all of them."""

import json
import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

from meters.samples import Sample
from tests.alarms.slow.findings import Rule
from tests.alarms.slow.matching import fits

Measure: TypeAlias = tuple[datetime, Fraction]
Buckets: TypeAlias = Mapping[datetime, list[Measure]]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def resource(rule: Rule, samples: Sequence[Sample], now: datetime) -> list[float]:
    """The points of one metric of one resource."""
    measures = [
        (sample.timestamp, Fraction(sample.volume))
        for sample in samples
        if sample.resource == rule["resource_id"]
        and sample.meter == rule["metric"]
        and sample.volume is not None
    ]
    return _newest(rule, _aggregated(rule, _read(rule, measures, now)))


def metrics(rule: Rule, samples: Sequence[Sample], now: datetime) -> list[float]:
    """The points of several metrics of whatever resources have them."""
    return _across(rule, [sample for sample in samples if sample.meter in rule["metrics"]], now)


def resources(rule: Rule, samples: Sequence[Sample], now: datetime) -> list[float]:
    """The points of one metric of the resources that are searched for."""
    search = json.loads(rule["query"])
    meant = [s for s in samples if s.meter == rule["metric"] and fits(s, search)]
    return _across(rule, meant, now)


def _across(rule: Rule, samples: Sequence[Sample], now: datetime) -> list[float]:
    series: dict[tuple[str, str], list[Measure]] = defaultdict(list)
    for sample in samples:
        if sample.volume is not None:
            key = (sample.meter, sample.resource)
            series[key].append((sample.timestamp, Fraction(sample.volume)))
    together: dict[datetime, list[Fraction]] = defaultdict(list)
    for measures in series.values():
        for bucket, value in _aggregated(rule, _read(rule, measures, now)).items():
            together[bucket].append(value)
    method = rule["aggregation_method"].removeprefix("rate:")
    return _newest(rule, {bucket: across(method, values) for bucket, values in together.items()})


def _newest(rule: Rule, points: Mapping[datetime, Fraction]) -> list[float]:
    """The newest of the points, as many as are looked at."""
    kept = sorted(points)[-rule["evaluation_periods"] :]
    return [float(points[bucket]) for bucket in kept]


def _read(rule: Rule, measures: Sequence[Measure], now: datetime) -> Buckets:
    """What lies in the window, by buckets.

    The window begins a period before the periods that are wanted, and cuts the first bucket. A
    rate is that to the measure before, if that is not older than one more period: so gnocchi's
    GroupedTimeSeries derives.
    """
    step = timedelta(seconds=rule["granularity"])
    start = now - (rule["evaluation_periods"] + 1) * step
    if rule["aggregation_method"].startswith("rate:"):
        measures = rates([m for m in sorted(measures) if start - step <= m[0] < now])
    found: dict[datetime, list[Measure]] = defaultdict(list)
    for time, value in sorted(measures):
        if start <= time < now:
            found[time - (time - EPOCH) % step].append((time, value))
    return found


def rates(measures: Sequence[Measure]) -> list[Measure]:
    """How much each measure differs from the one before it."""
    return [(time, value - before) for (_, before), (time, value) in pairwise(measures)]


def _aggregated(rule: Rule, buckets: Buckets) -> dict[datetime, Fraction]:
    method = rule["aggregation_method"].removeprefix("rate:")
    found: dict[datetime, Fraction] = {}
    for bucket, measures in buckets.items():
        value = within(method, [value for _, value in measures])
        if value is not None:
            found[bucket] = value
    return found


def within(method: str, values: Sequence[Fraction]) -> Fraction | None:
    """The values of a bucket of one resource, by time, in one number.

    The deviation of one value is none: gnocchi divides by one less than the number.
    """
    if method == "std":
        return _deviation(values, len(values) - 1) if len(values) > 1 else None
    if method == "first":
        return values[0]
    if method == "last":
        return values[-1]
    return _plain(method, values)


def across(method: str, values: Sequence[Fraction]) -> Fraction:
    """The points of several resources in one number.

    Their count is how many there are, and their deviation divides by that, as in gnocchi. It has
    no first and no last of several resources: KeyError.
    """
    if method == "std":
        return _deviation(values, len(values))
    return _plain(method, values)


def _plain(method: str, values: Sequence[Fraction]) -> Fraction:
    if method.endswith("pct"):
        return percentile(values, Fraction(int(method.removesuffix("pct"))))
    return PLAIN[method](values)


def _deviation(values: Sequence[Fraction], number: int) -> Fraction:
    mean = _mean(values)
    return Fraction(math.sqrt(sum((value - mean) ** 2 for value in values) / number))


def percentile(values: Sequence[Fraction], share: Fraction) -> Fraction:
    """The value at a share of the way through the sorted ones, on a straight line between two."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share / 100
    low, high = math.floor(place), math.ceil(place)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


PLAIN: Mapping[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "mean": _mean,
    "min": min,
    "max": max,
    "sum": lambda values: sum(values, Fraction(0)),
    "count": lambda values: Fraction(len(values)),
    "median": lambda values: percentile(values, Fraction(50)),
}
