"""What is drawn of an alarm: a statistic beside its threshold, and a bar of its states."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from alarms.states import ALARM, OK, UNKNOWN, State

WIDTH, HEIGHT = 1_000, 24
LEAST: Final = 3  # of the width: what is shorter would not be seen
# Heights differ, so that colours are not needed to tell states apart.
HEIGHTS: Final[Mapping[State, int]] = {OK: 10, UNKNOWN: 4, ALARM: HEIGHT}
DRAWN: Final = (UNKNOWN, OK, ALARM)  # what is drawn last covers the rest


@dataclass(frozen=True, slots=True)
class Line:
    """A value for each time of the chart; None where there is none."""

    label: str
    values: list[float | None]
    joined: int = 1


@dataclass(frozen=True, slots=True)
class Chart:
    """Times are seconds since 1970, `period` seconds apart."""

    start: int
    end: int
    period: int
    unit: str
    times: list[int]
    lines: list[Line]
    threshold: float

    def as_json(self) -> dict[str, Any]:
        """Plain data for the script in the page."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A state from a moment to another, and the rectangle that stands for it."""

    state: State
    start: datetime
    end: datetime
    x: float
    width: float
    y: int
    height: int


def chart(
    found: Sequence[tuple[datetime, float]],
    threshold: float,
    start: datetime,
    end: datetime,
    interval: int,
    unit: str = "",
) -> Chart:
    """What rounds found from `start` to `end`, `interval` seconds apart."""
    first, last = int(start.timestamp()), int(end.timestamp())
    times = list(range(first, last + 1, interval))
    values: list[float | None] = [None] * len(times)
    for moment, value in found:
        values[(int(moment.timestamp()) - first) // interval] = value
    return Chart(first, last, interval, unit, times, [Line("Value", values)], threshold)


def stretches(
    moves: Sequence[tuple[datetime, State]], start: datetime, end: datetime
) -> list[Stretch]:
    """The states between two moments in the order of drawing; `moves` say when each begins."""
    ends = [*(at for at, _ in moves[1:]), end]
    kept = [
        (state, max(at, start), min(until, end))
        for (at, state), until in zip(moves, ends, strict=False)
        if max(at, start) < min(until, end)
    ]
    found = [_stretch(state, at, until, start, end) for state, at, until in _joined(kept)]
    return sorted(found, key=lambda one: DRAWN.index(one.state))


def shares(found: Sequence[Stretch]) -> dict[State, float]:
    """How much of the time that is known was spent in each state, in percent."""
    states: tuple[State, ...] = (ALARM, UNKNOWN, OK)
    lasted = {state: timedelta() for state in states}
    for one in found:
        lasted[one.state] += one.end - one.start
    whole = sum(lasted.values(), timedelta())
    return {state: 100 * some / whole for state, some in lasted.items() if whole}


def _joined(
    kept: Sequence[tuple[State, datetime, datetime]],
) -> list[tuple[State, datetime, datetime]]:
    """A state that follows itself is one stretch."""
    found: list[tuple[State, datetime, datetime]] = []
    for state, at, until in kept:
        if found and found[-1][0] == state:
            at = found.pop()[1]
        found.append((state, at, until))
    return found


def _stretch(
    state: State, at: datetime, until: datetime, start: datetime, end: datetime
) -> Stretch:
    scale = WIDTH / (end - start).total_seconds()
    width = max((until - at).total_seconds() * scale, LEAST)
    x = min((at - start).total_seconds() * scale, WIDTH - width)
    height = HEIGHTS[state]
    return Stretch(state, at, until, round(x, 2), round(width, 2), HEIGHT - height, height)
