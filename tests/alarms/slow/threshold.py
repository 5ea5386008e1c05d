"""The points of a threshold rule: buckets that are counted back from now."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from meters.samples import Sample
from tests.alarms.slow.findings import Rule
from tests.alarms.slow.matching import matches


def points(rule: Rule, samples: Sequence[Sample], now: datetime) -> list[float]:
    """The statistic of every bucket that counts, the oldest first."""
    wanted = rule["evaluation_periods"]
    number = wanted + (wanted if rule["exclude_outliers"] else 1)
    found = [bucket for bucket in buckets(rule, samples, now, number) if bucket]
    if rule["exclude_outliers"]:
        found = without_outliers(found)
    return [statistic(rule["statistic"], bucket) for bucket in found[-wanted:]]


def buckets(
    rule: Rule, samples: Sequence[Sample], now: datetime, number: int
) -> list[list[Fraction]]:
    """The volumes of the last buckets before now; a sample at now is in none of them."""
    period = timedelta(seconds=rule["period"])
    found: list[list[Fraction]] = []
    for back in range(number, 0, -1):
        begin, end = now - back * period, now - (back - 1) * period
        found.append(
            [
                Fraction(sample.volume)
                for sample in samples
                if sample.meter == rule["meter_name"]
                and begin <= sample.timestamp < end
                and sample.volume is not None
                and matches(sample, rule["query"])
            ]
        )
    return found


def without_outliers(found: Sequence[list[Fraction]]) -> list[list[Fraction]]:
    """Buckets whose count lies within two standard deviations from the mean of the counts."""
    if not found:
        return []
    counts = [Fraction(len(bucket)) for bucket in found]
    mean = sum(counts) / len(counts)
    variance = sum((count - mean) ** 2 for count in counts) / len(counts)
    return [
        bucket
        for bucket, count in zip(found, counts, strict=True)
        if (count - mean) ** 2 <= 4 * variance
    ]


def statistic(name: str, volumes: Sequence[Fraction]) -> float:
    """One number for the volumes of a bucket."""
    if name == "count":
        return float(len(volumes))
    if name == "min":
        return float(min(volumes))
    if name == "max":
        return float(max(volumes))
    total = sum(volumes, Fraction(0))
    return float(total if name == "sum" else total / len(volumes))
