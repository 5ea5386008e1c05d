"""Values beside a threshold: every state, every mixture."""

import pytest

from alarms.rules.datapoints import decide
from alarms.states import ALARM, OK, UNKNOWN, Decision, Standing, State


def decided(
    values: list[float], state: State = UNKNOWN, repeats: bool = False, needed: int = 3
) -> Decision | None:
    """More than 10 is outside."""
    return decide(values, "gt", 10.0, Standing(state, repeats), needed)


@pytest.mark.parametrize("state", [OK, UNKNOWN])
def test_all_outside_is_an_alarm(state: State) -> None:
    assert decided([11, 12, 13.5], state) == Decision(
        ALARM,
        "Transition to alarm due to 3 samples outside threshold, most recent: 13.5",
        {"type": "threshold", "disposition": "outside", "count": 3, "most_recent": 13.5},
    )


@pytest.mark.parametrize("state", [ALARM, UNKNOWN])
def test_all_inside_is_ok(state: State) -> None:
    assert decided([1, 2, 7], state) == Decision(
        OK,
        "Transition to ok due to 3 samples inside threshold, most recent: 7.0",
        {"type": "threshold", "disposition": "inside", "count": 3, "most_recent": 7.0},
    )


def test_what_stays_is_told_only_where_it_repeats() -> None:
    assert decided([11, 12, 13], ALARM) is None
    assert decided([1, 2, 3], OK) is None
    repeated = decided([1, 2, 3], OK, repeats=True)
    assert repeated is not None
    assert repeated.reason == "Remaining as ok due to 3 samples inside threshold, most recent: 3.0"


@pytest.mark.parametrize(
    ("values", "state"), [([1, 2, 13], ALARM), ([11, 12, 3], OK), ([11, 2, 13], ALARM)]
)
def test_out_of_the_unknown_the_newest_leads(values: list[float], state: State) -> None:
    found = decided(values)
    assert found is not None
    assert found.state == state


@pytest.mark.parametrize("state", [OK, ALARM])
def test_a_mixture_leaves_what_is_known(state: State) -> None:
    assert decided([11, 2, 13], state) is None
    found = decided([11, 2, 13], state, repeats=True)
    assert found is not None
    assert found.state == state
    count = {OK: "1 samples inside", ALARM: "2 samples outside"}[state]
    assert found.reason == f"Remaining as {state} due to {count} threshold, most recent: 13.0"


@pytest.mark.parametrize("state", [OK, ALARM])
def test_too_few_are_unknown(state: State) -> None:
    assert decided([12, 13], state) == Decision(
        UNKNOWN,
        "3 datapoints are unknown",
        {"type": "threshold", "disposition": "unknown", "count": 3, "most_recent": 13.0},
    )
    nothing = decided([], state)
    assert nothing is not None
    assert nothing.data["most_recent"] is None


def test_the_unknown_is_told_once() -> None:
    assert decided([12], UNKNOWN) is None
    assert decided([12], UNKNOWN, repeats=True) is None


@pytest.mark.parametrize(
    ("comparison", "outside"),
    [("lt", [9]), ("le", [9, 10]), ("eq", [10]), ("ne", [9, 11]), ("ge", [10, 11]), ("gt", [11])],
)
def test_operators(comparison: str, outside: list[int]) -> None:
    for value in (9, 10, 11):
        found = decide([value], comparison, 10.0, Standing(UNKNOWN))
        assert found is not None
        assert (found.state == ALARM) is (value in outside)
