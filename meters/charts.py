"""Statistics as the lines of a chart: aligned, in one multiple of the unit, gaps left as gaps."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from statistics import median_low
from typing import Any

from meters.questions import GroupKey, Shown
from meters.ranges import Range
from meters.statistics import Statistics
from meters.units import Scale, scale

MOST_LINES = 8
NOBODY = "(none)"


@dataclass(frozen=True, slots=True)
class Line:
    """One line; a value for each time of the chart, None where there are no samples.

    Points up to `joined` times apart are neighbours: that is how often something is measured
    that is measured less often than the chart has points. Anything longer is a gap.
    """

    label: str
    values: list[float | None]
    joined: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Times are seconds since 1970, `period` seconds apart; values are in `unit`."""

    start: int
    end: int
    period: int
    unit: str
    times: list[int]
    lines: list[Line]

    def as_json(self) -> dict[str, Any]:
        """Plain data for the script in the page."""
        return asdict(self)


def largest(totals: Sequence[Statistics], aggregate: Shown) -> list[Statistics]:
    """One row for each group, the largest first; groups without a number come last."""

    def place(row: Statistics) -> tuple[bool, float, tuple[str, ...]]:
        value = getattr(row, aggregate)
        return value is None, -(value or 0.0), tuple(key or "" for key in row.groupby)

    return sorted(totals, key=place)


def chart(
    rows: Sequence[Statistics],
    groups: Sequence[GroupKey],
    shown: Range,
    period: int,
    aggregate: Shown,
) -> Chart:
    """The chart of these groups, in their order; `rows` start their periods at `shown.start`."""
    start, end = int(shown.start.timestamp()), int(shown.end.timestamp())
    times = list(range(start, end, period))
    values: dict[GroupKey, list[float | None]] = {key: [None] * len(times) for key in groups}
    for row in rows:
        place = int(row.period_start.timestamp() - start) // period
        if row.groupby in values and 0 <= place < len(times):
            values[row.groupby][place] = getattr(row, aggregate)
    best = _scale(rows, aggregate)
    lines = [
        Line(label(key), [_scaled(value, best) for value in found], joined(found))
        for key, found in values.items()
    ]
    return Chart(start, end, period, best.unit, times, lines)


def label(key: GroupKey) -> str:
    """What a line is called."""
    if not key:
        return "All"
    return NOBODY if key[0] is None else key[0]


def joined(values: Sequence[float | None]) -> int:
    """How far apart two points may be and still be neighbours: the usual distance and a half.

    >>> joined([1, 2, 3, None, None, None, 4, 5]), joined([1, None, 2, None, 3])
    (1, 3)
    """
    there = [place for place, value in enumerate(values) if value is not None]
    steps = [after - before for before, after in pairwise(there)]
    return median_low(steps) * 3 // 2 if steps else 1


def _scale(rows: Sequence[Statistics], aggregate: Shown) -> Scale:
    """Chosen by the largest number that is drawn."""
    if aggregate == "count":
        return Scale()
    values = [value for row in rows if (value := getattr(row, aggregate)) is not None]
    return scale(max(map(abs, values), default=0.0), rows[0].unit if rows else "")


def _scaled(value: float | None, best: Scale) -> float | None:
    """More digits than these no screen can show."""
    return None if value is None else float(f"{value / best.factor:.7g}")
