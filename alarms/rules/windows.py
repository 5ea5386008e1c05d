"""The stretch of time that a threshold is judged by, in buckets that begin at its start."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import sqrt
from typing import NamedTuple


class Window(NamedTuple):
    """From `start` on, and before `end`, in buckets of `period` seconds.

    The buckets are not aligned to the clock: they slide with each evaluation.
    """

    start: datetime
    end: datetime
    period: int


class Bucket(NamedTuple):
    """A bucket that has samples: how many, and the statistic of them."""

    start: datetime
    samples: int
    value: float


def window(now: datetime, period: int, periods: int, *, exclude_outliers: bool = False) -> Window:
    """The window of so many periods, and of as many before it as may be missing.

    >>> from datetime import UTC
    >>> window(datetime(2026, 3, 1, 12, tzinfo=UTC), 60, 5).start.isoformat()
    '2026-03-01T11:54:00+00:00'
    """
    look_back = periods if exclude_outliers else 1
    return Window(now - timedelta(seconds=period * (periods + look_back)), now, period)


def kept(
    buckets: Sequence[Bucket], periods: int, *, exclude_outliers: bool = False
) -> list[Bucket]:
    """The last of the buckets, as many as there are periods; without outliers, where these are out.

    An outlier has a number of samples further from the mean than two standard deviations.
    """
    some = _without_outliers(buckets) if exclude_outliers and buckets else list(buckets)
    return some[-periods:]


def _without_outliers(buckets: Sequence[Bucket]) -> list[Bucket]:
    counts = [bucket.samples for bucket in buckets]
    mean = sum(counts) / len(counts)
    deviation = sqrt(sum((count - mean) ** 2 for count in counts) / len(counts))
    low, high = mean - 2 * deviation, mean + 2 * deviation
    return [bucket for bucket in buckets if low <= bucket.samples <= high]
