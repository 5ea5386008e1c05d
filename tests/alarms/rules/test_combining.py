"""Alarms over alarms."""

import pytest

from alarms.rules.combining import decide
from alarms.states import ALARM, OK, UNKNOWN, Decision, Standing, State

IDS = ["a", "b", "c"]


def decided(
    operator: str, states: str, state: State = UNKNOWN, repeats: bool = False
) -> Decision | None:
    """States by letter: o, a, or u; a dash is an alarm that is not there."""
    words: dict[str, State] = {"o": OK, "a": ALARM, "u": UNKNOWN}
    found = {one: words[s] for one, s in zip(IDS, states, strict=True) if s != "-"}
    return decide("and" if operator == "and" else "or", IDS, found, Standing(state, repeats))


@pytest.mark.parametrize(
    ("operator", "states", "state"),
    [
        ("and", "aaa", ALARM),
        ("and", "aoa", OK),
        ("and", "ooo", OK),
        ("or", "ooo", OK),
        ("or", "oao", ALARM),
        ("or", "uao", ALARM),
        ("or", "-ao", ALARM),
    ],
)
def test_what_they_make_together(operator: str, states: str, state: State) -> None:
    found = decided(operator, states)
    assert found is not None
    assert found.state == state


@pytest.mark.parametrize(("operator", "states"), [("and", "aau"), ("or", "ou-"), ("and", "o-o")])
def test_what_is_unknown(operator: str, states: str) -> None:
    found = decided(operator, states, OK)
    assert found is not None
    unknown = [one for one, state in zip(IDS, states, strict=True) if state in "u-"]
    assert found == Decision(
        UNKNOWN,
        f"Alarms {','.join(unknown)} are in unknown state",
        {"type": "combination", "alarm_ids": unknown},
    )
    assert decided(operator, states, UNKNOWN, repeats=True) is None


def test_reasons_name_the_causes() -> None:
    assert decided("or", "aoa", OK) == Decision(
        ALARM,
        "Transition to alarm due to alarms a,c in state alarm",
        {"type": "combination", "alarm_ids": ["a", "c"]},
    )
    assert decided("and", "aoo", OK) is None
    again = decided("and", "aoo", OK, repeats=True)
    assert again is not None
    assert again.reason == "Remaining as ok due to alarms b,c in state ok"
