from typing import Any

import pytest

from alarms.rules.event import EventRule
from telemetry_site.core.errors import BadRequest
from tests.events.made import make_event

BIG = {"field": "traits.size", "op": "gt", "value": "4", "type": "integer"}


def test_an_empty_rule_is_one() -> None:
    assert EventRule.read({}).shown() == {"event_type": "*", "query": []}
    assert EventRule.read({}).matches(make_event())


def test_it_keeps_conditions_whole() -> None:
    made = EventRule.read(
        {
            "event_type": "volume.*",
            "query": [{**BIG, "op": ""}, {"field": "traits.a", "value": "x"}],
        }
    )
    assert made.shown()["query"] == [
        {"field": "traits.size", "op": "eq", "value": "4", "type": "integer"},
        {"field": "traits.a", "op": "eq", "value": "x", "type": ""},
    ]
    assert EventRule.stored(made.shown()) == made == EventRule.read(made.shown())


@pytest.mark.parametrize(("size", "found"), [(5, True), (4, False)])
def test_all_of_it_must_fit(size: int, found: bool) -> None:
    made = EventRule.read({"event_type": "volume.*", "query": [BIG]})
    assert made.matches(make_event(1, size=size)) is found
    assert not made.matches(make_event(1, "image.create", size=5))


@pytest.mark.parametrize(
    ("item", "says"),
    [
        ({"type": "integer", "value": "x"}, "Unable to convert the value x to the expected data"),
        ({"type": "bytes"}, "The data type bytes is not supported. The supported data type list"),
        ({"op": "like"}, "op. Value: 'like'. Value should be one of: lt, le, eq, ne, ge, gt"),
        ({"field": "a b"}, "field. Value: 'a b'."),
        ({"value": 4}, "value. Value: '4'. Wrong type."),
    ],
)
def test_it_says_what_is_wrong(item: dict[str, Any], says: str) -> None:
    with pytest.raises(BadRequest) as error:
        EventRule.read({"query": [{**BIG, **item}]})
    assert says in str(error.value)


def test_it_says_what_it_is() -> None:
    made = EventRule.read({"event_type": "volume.*", "query": [BIG]})
    assert made.description() == "Alarm when volume.* event occurred."
    assert made.sentence() == ("An event of the type volume.* arrives, where traits.size > 4.")
    assert not made.questions(make_event().generated)
