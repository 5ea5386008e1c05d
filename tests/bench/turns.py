"""Measuring in turns: many short rounds of every way, since the machine may change its pace."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from statistics import median
from typing import TypeAlias

# What a way measured in the round of this number: seconds, or samples a second.
Way: TypeAlias = Callable[[int], float]
AT_LEAST = 5  # rounds, however long they take


@dataclass(frozen=True, slots=True)
class Rounds:
    """What each way measured in each round."""

    figures: Mapping[str, Sequence[float]]

    def median(self, way: str) -> float:
        """The median of one way."""
        return median(self.figures[way])

    def ratio(self, way: str, to: str) -> float:
        """The median of the ratios of the rounds.

        >>> Rounds({"a": [2.0, 4.0, 9.0], "b": [1.0, 4.0, 3.0]}).ratio("a", to="b")
        2.0
        """
        pairs = zip(self.figures[way], self.figures[to], strict=True)
        return median(one / other for one, other in pairs)


def take(
    ways: Mapping[str, Way], rounds: int, seconds: float = inf, *, swap: bool = True
) -> Rounds:
    """So many rounds, or fewer when they take longer than that.

    With `swap`, every other round goes backwards through the ways.
    """
    figures: dict[str, list[float]] = {name: [] for name in ways}
    began = time.monotonic()
    for turn in range(rounds):
        if turn >= AT_LEAST and time.monotonic() - began > seconds:
            break
        for name in reversed(list(ways)) if swap and turn % 2 else ways:
            figures[name].append(ways[name](turn))
    return Rounds(figures)


def timed(work: Callable[[], object]) -> float:
    """The seconds that it takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
