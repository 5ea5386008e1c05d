"""The states of an alarm, what a rule decides about them, and what comes of the decision."""

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple, TypeAlias

State: TypeAlias = Literal["ok", "alarm", "insufficient data"]
OK: Final = "ok"
ALARM: Final = "alarm"
UNKNOWN: Final = "insufficient data"
STATES: Final[tuple[State, ...]] = (OK, ALARM, UNKNOWN)
KEEP: Final = "keep"
NO_DATA: Final = (UNKNOWN, OK, ALARM, KEEP)  # what may be made of missing data


class Decision(NamedTuple):
    """The state an alarm should have, and why, as a sentence and as data.

    It is acted on: because the state changes, or because the alarm repeats its actions.
    """

    state: State
    reason: str
    data: Mapping[str, Any]


class Standing(NamedTuple):
    """What is known of an alarm when it is evaluated: its state, and whether it repeats actions.

    `no_data` is the state that missing data means, or keep; a state counts when `hold` rounds in
    a row have found it, and `coming` rounds have found `coming_state` so far.
    """

    state: State
    repeats: bool = False
    no_data: str = UNKNOWN
    hold: int = 1
    coming_state: str = ""
    coming: int = 0


class Step(NamedTuple):
    """What is done about an alarm, None: nothing; and the state that is coming, if one is."""

    decision: Decision | None
    coming_state: str = ""
    coming: int = 0


def step(standing: Standing, decision: Decision | None) -> Step:
    """What comes of what a rule decided."""
    decision = _with_data(standing, decision)
    if decision is None or decision.state == standing.state:
        return Step(decision)
    before = standing.coming if standing.coming_state == decision.state else 0
    if before + 1 >= standing.hold:
        return Step(decision)
    return Step(None, decision.state, before + 1)


def settled(standing: Standing, state: State) -> bool:
    """Whether there is nothing to do about an alarm that should be in this state.

    One that has no data tells so once, also where it repeats its actions.
    """
    return standing.state == state and (not standing.repeats or state == UNKNOWN)


def word(standing: Standing, state: State) -> str:
    """How a reason begins."""
    return "Remaining as" if standing.state == state else "Transition to"


def _with_data(standing: Standing, decision: Decision | None) -> Decision | None:
    """The decision, with another in place of one that data are missing.

    Of an alarm that has no data, None means that there still are none: whatever else a rule
    finds is another state than its own.
    """
    missing = decision.state == UNKNOWN if decision else standing.state == UNKNOWN
    if standing.no_data == UNKNOWN or not missing:
        return decision
    if standing.no_data == KEEP:
        return None
    state: State = OK if standing.no_data == OK else ALARM
    if settled(standing, state):
        return None
    why = decision.reason if decision else "there is no data"
    reason = f"{word(standing, state)} {state}: {why}, which counts as {state}"
    return Decision(state, reason, {**(decision.data if decision else {}), "no_data": state})
