"""Events that alarms wait for."""

from datetime import UTC, datetime
from typing import Any

import pytest

from alarms.rules.occurrence import Condition, Kind, converted, matches
from tests.events.made import make_event

WHEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
EVENT = make_event(
    7,
    event_type="compute.instance.delete.end",
    raw={"payload": {"node": {"name": "n1"}, "size": 4}},
    host="h1",
    size=20,
    load=0.5,
    launched=WHEN,
)


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [("*", True), ("compute.*", True), ("compute.instance.delete.end", True), ("*.start", False)],
)
def test_a_pattern_of_types(pattern: str, fits: bool) -> None:
    assert matches(EVENT, pattern, []) is fits


@pytest.mark.parametrize(
    ("field", "op", "value", "kind", "true"),
    [
        ("traits.host", "eq", "h1", "", True),
        ("traits.host", "ne", "h1", "string", False),
        ("traits.size", "gt", "19", "integer", True),
        ("traits.size", "le", "19", "integer", False),
        ("traits.size", "eq", "20", "", False),  # a number is no text
        ("traits.size", "lt", "x", "string", False),
        ("traits.load", "ge", "0.5", "float", True),
        ("traits.launched", "lt", "2026-03-01T13:00:00", "datetime", True),
        ("traits.none", "ne", "h1", "", False),
        ("traits.host", "eq", "true", "boolean", False),
        ("event_type", "eq", "compute.instance.delete.end", "", True),
        ("message_id", "eq", "00000000-0000-0000-0000-000000000007", "", True),
        ("payload.node.name", "eq", "n1", "", True),
        ("payload.size", "eq", "4", "integer", True),
        ("payload.node", "eq", "n1", "", False),
        ("payload.none.deeper", "eq", "n1", "", False),
    ],
)
def test_conditions(field: str, op: str, value: str, kind: Kind, true: bool) -> None:
    assert matches(EVENT, "*", [Condition(field, op, converted(value, kind))]) is true


def test_all_conditions_must_be_true() -> None:
    good, bad = Condition("traits.host", "eq", "h1"), Condition("traits.size", "eq", 21)
    assert matches(EVENT, "*", [good, good])
    assert not matches(EVENT, "*", [good, bad])


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("5", "integer", 5),
        ("5", "", "5"),
        ("1.5", "float", 1.5),
        ("Yes", "boolean", True),
        ("off", "boolean", False),
        ("2026-03-01T12:00:00Z", "datetime", WHEN),
    ],
)
def test_values(value: str, kind: Kind, expected: Any) -> None:
    assert converted(value, kind) == expected


@pytest.mark.parametrize(
    ("value", "kind"), [("x", "integer"), ("x", "float"), ("x", "boolean"), ("x", "datetime")]
)
def test_values_that_cannot_be(value: str, kind: Kind) -> None:
    with pytest.raises(ValueError):
        converted(value, kind)
