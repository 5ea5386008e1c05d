from datetime import UTC, datetime

import pytest

from alarms.rules.combination import CombinationRule
from alarms.rules.rule import States
from alarms.states import Standing
from telemetry_site.core.errors import BadRequest

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_it_takes_each_alarm_once() -> None:
    made = CombinationRule.read({"alarm_ids": ["b", "a", "b"]})
    assert made.shown() == {"operator": "and", "alarm_ids": ["b", "a"]}
    assert CombinationRule.stored(made.shown()) == made
    assert made.questions(NOON) == (States(("b", "a")),)


@pytest.mark.parametrize("ids", [[], ["a"], ["a", "a"]])
def test_it_needs_two(ids: list[str]) -> None:
    with pytest.raises(BadRequest) as error:
        CombinationRule.read({"alarm_ids": ids})
    assert str(error.value) == (
        "Alarm combination rule should contain at least two different alarm ids."
    )


def test_it_decides_by_the_states_of_others() -> None:
    made = CombinationRule.read({"alarm_ids": ["a", "b"], "operator": "or"})
    found = made.decide([{"a": "alarm"}], Standing("ok"), NOON)
    assert found is not None
    assert (found.state, found.data) == ("alarm", {"type": "combination", "alarm_ids": ["a"]})


def test_it_says_what_it_is() -> None:
    made = CombinationRule.read({"alarm_ids": ["a", "b"], "operator": "or"})
    assert made.description() == "Combined state of alarms a or b"
    assert made.sentence() == "One of these alarms is in alarm: a, b."
