"""The stretch of time that a threshold is judged by, in buckets that begin at its start."""

from collections.abc import Sequence
from datetime import datetime, timedelta
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
    """In whole numbers, so that one which lies just two deviations away is in."""
    number = len(buckets)
    total = sum(bucket.samples for bucket in buckets)
    squares = sum(bucket.samples**2 for bucket in buckets)
    widest = 4 * (number * squares - total**2)
    return [bucket for bucket in buckets if (number * bucket.samples - total) ** 2 <= widest]
