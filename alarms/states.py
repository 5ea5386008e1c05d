"""The states of an alarm, and what a rule decides about them."""

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple, TypeAlias

State: TypeAlias = Literal["ok", "alarm", "insufficient data"]
OK: Final = "ok"
ALARM: Final = "alarm"
UNKNOWN: Final = "insufficient data"


class Decision(NamedTuple):
    """The state an alarm should have, and why, as a sentence and as data.

    It is acted on: because the state changes, or because the alarm repeats its actions.
    """

    state: State
    reason: str
    data: Mapping[str, Any]


class Standing(NamedTuple):
    """What is known of an alarm when it is evaluated: its state, and whether it repeats actions."""

    state: State
    repeats: bool = False


def settled(standing: Standing, state: State) -> bool:
    """Whether there is nothing to do about an alarm that should be in this state.

    One that has no data tells so once, also where it repeats its actions.
    """
    return standing.state == state and (not standing.repeats or state == UNKNOWN)


def word(standing: Standing, state: State) -> str:
    """How a reason begins."""
    return "Remaining as" if standing.state == state else "Transition to"
