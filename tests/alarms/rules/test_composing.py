"""Trees of rules: the four truths of the original, and what mixed values mean."""

import pytest

from alarms.rules.composing import Joined, Node, Side, decide, places, written
from alarms.states import ALARM, OK, UNKNOWN, Decision, Standing, State

SIDES: dict[str, Side] = {
    "a": "alarm", "o": "ok", "A": "mixed alarm", "O": "mixed ok", "u": "unknown",
}  # fmt: skip
BOTH, EITHER = Joined("and", (0, 1)), Joined("or", (0, 1))
NESTED = Joined("or", (0, Joined("and", (1, 2))))
RULES = [{"type": "threshold", "threshold": place} for place in range(3)]


def decided(
    tree: Node, sides: str, state: State = UNKNOWN, repeats: bool = False
) -> Decision | None:
    """Sides by letter; capitals are mixed."""
    return decide(tree, lambda place: SIDES[sides[place]], RULES, Standing(state, repeats))


def state_of(tree: Node, sides: str, state: State) -> State:
    """The state that follows."""
    found = decided(tree, sides, state)
    return state if found is None else found.state


@pytest.mark.parametrize(
    ("tree", "sides", "state"),
    [
        (BOTH, "aa", ALARM), (BOTH, "ao", OK), (BOTH, "oo", OK),
        (EITHER, "aa", ALARM), (EITHER, "ao", ALARM), (EITHER, "oo", OK),
        (BOTH, "au", UNKNOWN), (BOTH, "ou", OK),
        (EITHER, "au", ALARM), (EITHER, "ou", UNKNOWN),
        (NESTED, "oaa", ALARM), (NESTED, "oao", OK), (NESTED, "aou", ALARM),
        (NESTED, "ouo", OK), (NESTED, "oua", UNKNOWN), (0, "a", ALARM),
    ],
)  # fmt: skip
def test_what_is_known_together(tree: Node, sides: str, state: State) -> None:
    before: State = OK if state != OK else ALARM
    assert state_of(tree, sides, before) == state


@pytest.mark.parametrize(
    ("tree", "sides", "before", "state"),
    [
        (0, "A", UNKNOWN, ALARM), (0, "O", UNKNOWN, OK),
        (0, "A", OK, OK), (0, "O", ALARM, ALARM),
        (BOTH, "aA", OK, OK), (BOTH, "aO", ALARM, ALARM), (BOTH, "oA", ALARM, OK),
        (EITHER, "oO", ALARM, ALARM), (EITHER, "aA", OK, ALARM),
        (BOTH, "uA", OK, OK), (BOTH, "uA", ALARM, UNKNOWN),
    ],
)  # fmt: skip
def test_what_mixed_values_mean(tree: Node, sides: str, before: State, state: State) -> None:
    assert state_of(tree, sides, before) == state


def test_reasons_and_causes() -> None:
    assert decided(NESTED, "oaa", OK) == Decision(
        ALARM,
        "Composite rule alarm with composition form: (rule1 or (rule2 and rule3)) transition to "
        "alarm, due to rules: rule2, rule3 outside their threshold.",
        {
            "type": "composite",
            "composition_form": "(rule1 or (rule2 and rule3))",
            "causative_rules": {"rule2": RULES[1], "rule3": RULES[2]},
        },
    )
    again = decided(BOTH, "oo", OK, repeats=True)
    assert again is not None
    assert again.reason.endswith("remaining as ok, due to rules: rule1 inside their threshold.")
    unknown = decided(BOTH, "uu", ALARM)
    assert unknown is not None
    assert unknown.reason.endswith("due to rules: rule1, rule2 state evaluated to unknown.")


def test_a_leaf_that_nobody_needs_is_not_asked() -> None:
    asked = []

    def side(place: int) -> Side:
        asked.append(place)
        return "alarm"

    found = decide(NESTED, side, RULES, Standing(OK))
    assert found is not None
    assert asked == [0]
    assert list(found.data["causative_rules"]) == ["rule1"]


def test_nothing_is_done_twice() -> None:
    assert decided(BOTH, "aa", ALARM) is None
    assert decided(BOTH, "au", UNKNOWN, repeats=True) is None


def test_a_tree_is_written_as_it_is_read() -> None:
    assert list(places(NESTED)) == [0, 1, 2]
    assert written(NESTED) == "(rule1 or (rule2 and rule3))"
