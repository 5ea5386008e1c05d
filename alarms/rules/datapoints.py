"""What follows from a row of values beside a threshold."""

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from alarms.states import ALARM, OK, UNKNOWN, Decision, Standing, State, settled, word

# True means that the value is outside: towards alarm.
OPERATORS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "lt": operator.lt,
    "le": operator.le,
    "eq": operator.eq,
    "ne": operator.ne,
    "ge": operator.ge,
    "gt": operator.gt,
}


def decide(
    values: Sequence[float],
    comparison: str,
    threshold: float,
    standing: Standing,
    needed: int = 1,
    why_unknown: str = "",
) -> Decision | None:
    """What is to be done about an alarm with these values, the oldest first; None: nothing.

    Fewer than `needed` say nothing. All on one side decide. A mixture leaves a state that is known
    as it is, so that flapping is damped; out of an unknown one the newest value leads.
    """
    if len(values) < max(needed, 1):
        return _unknown(values, standing, needed, why_unknown)
    outside = [OPERATORS[comparison](value, threshold) for value in values]
    if all(outside) or not any(outside):
        state: State = ALARM if outside[0] else OK
    elif standing.state == UNKNOWN:
        state = ALARM if outside[-1] else OK
    else:
        state = standing.state
    if settled(standing, state):
        return None
    count = sum(outside) if state == ALARM else len(outside) - sum(outside)
    return _decision(standing, state, count, values[-1])


def _decision(standing: Standing, state: State, count: int, newest: float) -> Decision:
    disposition = "inside" if state == OK else "outside"
    reason = (
        f"{word(standing, state)} {state} due to {count} samples {disposition} threshold, "
        f"most recent: {float(newest)}"
    )
    return Decision(state, reason, _data(disposition, count, float(newest)))


def _unknown(values: Sequence[float], standing: Standing, needed: int, why: str) -> Decision | None:
    if settled(standing, UNKNOWN):
        return None
    newest = float(values[-1]) if values else None
    reason = why or f"{needed} datapoints are unknown"
    return Decision(UNKNOWN, reason, _data("unknown", needed, newest))


def _data(disposition: str, count: int, newest: float | None) -> Mapping[str, Any]:
    return {
        "type": "threshold", "disposition": disposition, "count": count, "most_recent": newest,
    }  # fmt: skip
