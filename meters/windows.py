"""What alarms ask of many selections of samples at once, and what the answers are made of."""

from datetime import datetime
from typing import NamedTuple


class Stretch(NamedTuple):
    """From `start` on and before `end`, in buckets of `period` seconds counted from `origin`.

    Buckets are cut off at both ends, and named by their own beginning.
    """

    start: datetime
    end: datetime
    period: int
    origin: datetime


class Summary(NamedTuple):
    """A bucket that has volumes: of one resource, or of all where `resource` is None.

    `squares` is the sum of their squared deviations from their own mean.
    """

    resource: str | None
    start: datetime
    samples: int
    total: float
    lowest: float
    highest: float
    squares: float


class Point(NamedTuple):
    """A sample that has a volume."""

    resource: str
    timestamp: datetime
    volume: float
