"""Whether two routes to an answer agree: counts, bounds and times exactly, the rest nearly."""

import math
from collections.abc import Sequence
from typing import Any, TypeAlias

from meters.statistics import Statistics

# Hour, group, unit, min, max, avg, sum, count, first, last, and the deviation where it was asked.
RawRow: TypeAlias = tuple[Any, ...]
NEARLY = 1e-9  # relative


class Disagreement(Exception):
    """Two routes to one answer differ."""


def nearly(one: float | None, other: float | None) -> bool:
    """Whether two numbers are the same but for the order they were added in.

    >>> nearly(0.1 + 0.2, 0.3), nearly(1.0, 1.0001), nearly(None, None), nearly(None, 0.0)
    (True, False, True, False)
    """
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=NEARLY, abs_tol=1e-12)


def check(what: str, found: Sequence[Statistics], raw: Sequence[RawRow]) -> None:
    """Raises Disagreement unless the rows are the same."""
    if not raw:
        raise Disagreement(f"{what}: there is nothing to compare")
    if len(found) != len(raw):
        raise Disagreement(f"{what}: {len(found)} rows in place of {len(raw)}")
    for one, other in zip(found, raw, strict=True):
        exact, near = _halves(one)
        pairs = zip(near, _near(other), strict=True)
        if exact != _exact(other) or not all(nearly(*pair) for pair in pairs):
            raise Disagreement(f"{what}: {one} in place of {other}")


def _halves(one: Statistics) -> tuple[list[Any], list[float | None]]:
    group = one.groupby[0] if one.groupby else None
    exact = [one.period_start, group, one.unit, one.min, one.max, one.count, one.first, one.last]
    return exact, [one.avg, one.sum, *one.extra.values()]


def _exact(row: RawRow) -> list[Any]:
    hour, group, unit, lowest, highest, _, _, count, first, last, *_ = row
    return [hour, group, unit, lowest, highest, count, first, last]


def _near(row: RawRow) -> list[float | None]:
    return [row[5], row[6], *row[10:]]
