"""What one look at the data finds, and the words for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Rule: TypeAlias = Mapping[str, Any]

OK, ALARM, UNKNOWN = "ok", "alarm", "insufficient data"


@dataclass(frozen=True)
class Finding:
    """A state, what is said of going there and of staying there, and the data that goes along."""

    state: str
    going: str
    staying: str
    data: dict[str, Any] = field(default_factory=dict)


def outside(value: float, operator: str, threshold: float) -> bool:
    """Whether a value is where the alarm rings."""
    if operator == "lt":
        return value < threshold
    if operator == "le":
        return value <= threshold
    if operator == "eq":
        return value == threshold
    if operator == "ne":
        return value != threshold
    if operator == "ge":
        return value >= threshold
    assert operator == "gt"
    return value > threshold


def of_points(rule: Rule, points: Sequence[float], state: str, nothing: str = "") -> Finding:
    """The finding of one rule, for an alarm in this state.

    `nothing` is said where there are no points at all.
    """
    wanted = rule.get("evaluation_periods", 1)
    if len(points) < wanted:
        text = nothing if nothing and not points else f"{wanted} datapoints are unknown"
        return Finding(UNKNOWN, text, text, _data("unknown", wanted, points))
    sides = [outside(p, rule["comparison_operator"], rule["threshold"]) for p in points]
    found = followed(sides, state)
    disposition = "outside" if found == ALARM else "inside"
    count = sides.count(found == ALARM)
    tail = f"due to {count} samples {disposition} threshold, most recent: {float(points[-1])}"
    data = _data(disposition, count, points)
    return Finding(found, f"Transition to {found} {tail}", f"Remaining as {found} {tail}", data)


def followed(sides: Sequence[bool], state: str) -> str:
    """Where points on these sides, the oldest first, lead an alarm in this state."""
    if all(sides):
        return ALARM
    if not any(sides):
        return OK
    if state == UNKNOWN:
        return ALARM if sides[-1] else OK
    return state


def _data(disposition: str, count: int, points: Sequence[float]) -> dict[str, Any]:
    newest = float(points[-1]) if points else None
    return {
        "type": "threshold",
        "disposition": disposition,
        "count": count,
        "most_recent": newest,
    }
