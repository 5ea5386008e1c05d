from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alarms.rules.composite import CompositeRule
from alarms.states import Standing
from meters.windows import Summary
from telemetry_site.core.errors import BadRequest

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LEAF = {"type": "threshold", "meter_name": "cpu_util", "threshold": 70, "comparison_operator": "gt"}
OTHER = {**LEAF, "meter_name": "memory.usage", "evaluation_periods": 2}
SPREAD = {
    "type": "gnocchi_aggregation_by_metrics_threshold", "metrics": ["a", "b"], "threshold": 1,
    "aggregation_method": "mean",
}  # fmt: skip


def buckets(*values: float) -> list[Summary]:
    return [
        Summary(None, NOON - timedelta(minutes=len(values) - place), 1, value, value, value, 0.0)
        for place, value in enumerate(values)
    ]


def test_it_shows_the_tree_with_all_defaults() -> None:
    made = CompositeRule.read({"or": [LEAF, {"and": [OTHER, SPREAD]}]})
    shown = made.shown()
    assert list(shown) == ["or"]
    first, rest = shown["or"]
    assert (first["type"], first["threshold"], first["period"]) == ("threshold", 70.0, 60)
    assert [one["type"] for one in rest["and"]] == ["threshold", SPREAD["type"]]
    assert CompositeRule.read(shown) == made == CompositeRule.stored(shown)


def test_a_leaf_may_stand_alone() -> None:
    assert CompositeRule.read(LEAF).shown()["type"] == "threshold"


def test_each_leaf_gets_its_answers() -> None:
    made = CompositeRule.read({"and": [SPREAD, LEAF]})
    assert len(made.questions(NOON)) == 3
    found = made.decide([[], buckets(1.0), buckets(80.0)], Standing("ok"), NOON)
    assert found is not None
    assert found.reason == (
        "Composite rule alarm with composition form: (rule1 and rule2) transition to alarm, "
        "due to rules: rule1, rule2 outside their threshold."
    )
    assert found.data["causative_rules"]["rule2"]["meter_name"] == "cpu_util"


@pytest.mark.parametrize(
    ("state", "after"),
    [("insufficient data", "alarm"), ("ok", None), ("alarm", None)],
)
def test_a_mixed_leaf_counts_as_what_the_alarm_is(state: Any, after: str | None) -> None:
    made = CompositeRule.read({"and": [LEAF, OTHER]})
    found = made.decide([buckets(80.0), buckets(60.0, 80.0)], Standing(state), NOON)
    assert (found.state if found else None) == after


def test_every_leaf_is_narrowed() -> None:
    made = CompositeRule.read({"or": [LEAF, OTHER]}).scoped("p1")
    item = {"field": "project_id", "op": "eq", "value": "p1"}
    assert [one["query"] for one in made.shown()["or"]] == [[item], [item]]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "type must be set in every rule"),
        ({"meter_name": "a", "threshold": 1}, "type must be set in every rule"),
        ({"xor": [LEAF]}, 'Threshold rules should be combined with "and" or "or"'),
        ({"or": LEAF}, "Invalid input composite rule: {'or': {'type'"),
        ({"or": ["a"]}, 'Invalid input composite rule: a, it should be a dict with an "and" or'),
        ({"or": []}, "There must be a rule in the list"),
        (
            {"or": [{**LEAF, "type": "event"}]},
            "Unsupported sub-rule type :event in composite rule, should be one of: ['threshold'",
        ),
        (
            {"or": [{"type": "threshold", "threshold": 1}]},
            "field/attribute meter_name. Value: 'None'. Mandatory field missing.",
        ),
        ({"and": [LEAF] * 101}, "A composite rule may have 100 rules in it"),
    ],
)
def test_it_says_what_is_wrong(given: dict[str, Any], says: str) -> None:
    with pytest.raises(BadRequest) as error:
        CompositeRule.read(given)
    assert says in str(error.value)


def test_it_may_be_nested_so_deep() -> None:
    given: dict[str, Any] = LEAF
    for _ in range(51):
        given = {"and": [given]}
    with pytest.raises(BadRequest) as error:
        CompositeRule.read(given)
    assert str(error.value) == "A composite rule may be nested 50 deep"


def test_it_says_what_it_is() -> None:
    made = CompositeRule.read({"or": [LEAF, OTHER]})
    assert made.description() == "composite alarm rule"
    assert made.sentence() == (
        "(rule1 or rule2), with rule1: The average of cpu_util is above 70 over 1 minute. "
        "rule2: The average of memory.usage is above 70 over 1 minute, 2 times in a row."
    )
