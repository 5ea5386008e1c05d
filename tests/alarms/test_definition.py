"""The whole alarm as clients send it: defaults, refusals, what is left out."""

from typing import Any

import pytest

from alarms.definition import Definition, read
from alarms.ownership import Owners
from telemetry_site.core.errors import BadRequest, TelemetryError
from tests.alarms.sent import EVENT, THRESHOLD, body

NIGHT = {"name": "night", "start": "0 23 * * *", "duration": 10800}
MISSING = "Invalid input for field/attribute {}. Value: 'None'. Mandatory field missing."


def test_it_reads_the_least_that_makes_an_alarm() -> None:
    found = read(body())
    assert found == Definition(
        name="busy",
        type="threshold",
        rule=found.rule,
        description="Alarm when cpu_util is gt a avg of 80.0 over 60 seconds",
        enabled=True,
        ok_actions=[],
        alarm_actions=[],
        insufficient_data_actions=[],
        repeat_actions=False,
        time_constraints=[],
        state="insufficient data",
        severity="low",
        no_data="insufficient data",
        hold_rounds=1,
        owners=Owners(None, None),
    )
    assert found.rule.shown()["threshold"] == 80.0


def test_it_reads_the_most() -> None:
    found = read(
        body(
            description="too much",
            enabled="no",
            ok_actions=["http://one"],
            alarm_actions=["http://one", "http://two"],
            insufficient_data_actions=["http://three"],
            repeat_actions="1",
            time_constraints=[NIGHT],
            state="ok",
            severity="critical",
            no_data="keep",
            hold_rounds="3",
            user_id="u1",
            project_id="p1",
        )
    )
    assert (found.description, found.enabled, found.repeat_actions) == ("too much", False, True)
    assert (found.state, found.severity) == ("ok", "critical")
    assert (found.no_data, found.hold_rounds) == ("keep", 3)
    assert found.owners == Owners("u1", "p1")
    assert (found.ok_actions, found.insufficient_data_actions) == (["http://one"], ["http://three"])
    assert found.alarm_actions == ["http://one", "http://two"]


@pytest.mark.parametrize(("sent", "read_as"), [
    (True, True), (False, False), (1, True), (0, False), ("1", True), ("0", False),
    ("true", True), ("False", False), ("yes", True), ("NO", False), ("on", True), ("off", False),
])  # fmt: skip
def test_it_reads_booleans_as_people_write_them(sent: Any, read_as: bool) -> None:
    assert read(body(enabled=sent)).enabled is read_as


def test_it_keeps_a_null_list_and_drops_what_stands_twice() -> None:
    sent = {**body(alarm_actions=["b://1", "a://1", "b://1"]), "ok_actions": None}
    found = read({**sent, "time_constraints": None})
    assert found.ok_actions is None
    assert found.alarm_actions == ["b://1", "a://1"]
    assert found.insufficient_data_actions == []
    assert found.time_constraints == []


@pytest.mark.parametrize("given", [None, ""])
def test_it_describes_what_nobody_describes(given: str | None) -> None:
    sent = {**body(event_rule=EVENT), "description": given}
    assert read(sent).description == "Alarm when compute.instance.* event occurred."
    both = body(combination_rule={"alarm_ids": ["a", "b", "a"], "operator": "or"})
    assert read(both).description == "Combined state of alarms a or b"
    tree = body(composite_rule={"or": [{"type": "threshold", **THRESHOLD}]})
    assert read(tree).description == "composite alarm rule"


def test_it_takes_back_what_it_has_given() -> None:
    """Clients change an alarm by sending all of it again."""
    given = {
        "alarm_id": "x", "timestamp": "2026-03-01T12:00:00", "state_timestamp": None,
        "state_reason": "because", "evaluate_timestamp": "whenever",
    }  # fmt: skip
    assert read({**body(), **given}).name == "busy"


def test_it_ignores_rules_of_other_types_that_are_empty() -> None:
    assert read({**body(), "event_rule": None, "composite_rule": {}}).type == "threshold"


def test_it_knows_a_type_that_is_not_offered() -> None:
    sent = body(loadbalancer_member_health_rule={"pool_id": "p"})
    assert refused(sent).startswith("Alarms of the type loadbalancer_member_health need Octavia")
    assert read({**body(), "loadbalancer_member_health_rule": None}).type == "threshold"


def test_an_empty_event_rule_is_one() -> None:
    assert read(body(event_rule={})).rule.shown() == {"event_type": "*", "query": []}


def test_it_reads_time_constraints() -> None:
    more = {"name": "noon", "start": "0 12 * * *", "duration": "60", "timezone": "Europe/Ljubljana",
            "description": "at noon"}  # fmt: skip
    assert read(body(time_constraints=[NIGHT, more])).time_constraints == [
        {
            "name": "night",
            "description": "Time constraint at 0 23 * * * lasting for 10800 seconds",
            "start": "0 23 * * *",
            "duration": 10800,
            "timezone": "",
        },
        {
            "name": "noon",
            "description": "at noon",
            "start": "0 12 * * *",
            "duration": 60,
            "timezone": "Europe/Ljubljana",
        },
    ]


def refused(sent: Any) -> str:
    """Why it is."""
    with pytest.raises(BadRequest) as caught:
        read(sent)
    return str(caught.value)


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (None, 'Missing argument: "data"'),
        (body(name=None) | {"name": None}, MISSING.format("name")),
        ({"name": "x", "threshold_rule": THRESHOLD}, MISSING.format("type")),
        ({"name": "x", "type": "threshold"}, "threshold_rule must be set for threshold type alarm"),
        (
            {"name": "x", "type": "event", "event_rule": None},
            "event_rule must be set for event type alarm",
        ),
        (body(colour="red"), "Unknown attribute for argument data: colour"),
        (body(rule={}, threshold_rule=THRESHOLD, type="threshold"),
         "Unknown attribute for argument data: rule"),
        (
            body() | {"event_rule": EVENT},
            "threshold_rule and event_rule cannot be set at the same time",
        ),
        (
            body(threshold_rule={**THRESHOLD, "colour": 1}),
            "Unknown attribute for argument data.threshold_rule: colour",
        ),
        (body(threshold_rule={"threshold": 1}), MISSING.format("meter_name")),
        (
            body(time_constraints=[NIGHT, NIGHT]),
            "Time constraint names must be unique for a given alarm.",
        ),
        (
            body(time_constraints=[{**NIGHT, "timezone": "Mars/Olympus"}]),
            "Timezone Mars/Olympus is not valid",
        ),
        (
            body(time_constraints=[{**NIGHT, "duration": -1}]),
            "Invalid input for field/attribute duration. Value: '-1'. "
            "Value should be greater or equal to 0",
        ),
        (body(time_constraints=[{**NIGHT, "name": None}]), MISSING.format("name")),
        (
            body(hold_rounds=0),
            "Invalid input for field/attribute hold_rounds. Value: '0'. "
            "Value should be greater or equal to 1",
        ),
    ],
)  # fmt: skip
def test_it_refuses_in_these_words(sent: Any, text: str) -> None:
    assert refused(sent) == text


@pytest.mark.parametrize(
    ("sent", "field", "value"),
    [
        (body(name=5), "name", "5"),
        (body(type="nonsense"), "type", "nonsense"),
        (body(state="nonsense"), "state", "nonsense"),
        (body(severity="nonsense"), "severity", "nonsense"),
        (body(enabled="bad"), "enabled", "bad"),
        (body(no_data="bad"), "no_data", "bad"),
        (body(hold_rounds="many"), "hold_rounds", "many"),
        (body(hold_rounds=2**31), "hold_rounds", str(2**31)),
        (body(time_constraints=[{**NIGHT, "start": "61 * * * *"}]), "start", "61 * * * *"),
        (body(time_constraints=[{**NIGHT, "start": "* * *"}]), "start", "* * *"),
        (body(time_constraints=[{**NIGHT, "duration": "long"}]), "duration", "long"),
    ],
)
def test_it_says_which_attribute_it_cannot_take(sent: Any, field: str, value: str) -> None:
    text = f"Invalid input for field/attribute {field}. Value: '{value}'. "
    assert refused(sent).startswith(text)


@pytest.mark.parametrize(
    "sent",
    [
        [], "text", 5, {}, body(threshold_rule=[1]), body(threshold_rule="text"),
        body(alarm_actions="http://one"), body(alarm_actions=[None]), body(alarm_actions=[5]),
        body(time_constraints={}), body(time_constraints=["night"]), body(name="a\0b"),
        body(type=["threshold"]), body(state={}), body(name=["a"]), body(enabled=[]),
    ],
)  # fmt: skip
def test_it_refuses_what_has_another_shape(sent: Any) -> None:
    assert refused(sent)


@pytest.mark.parametrize(
    ("actions", "is_admin", "most", "refusal"),
    [
        (["http://a", "https://b?c=d"], False, -1, None),
        (["log://", "test://"], True, -1, None),
        (["log://"], False, -1, (401, "You are not authorized to create action: log://")),
        (["test://"], False, -1, (401, "You are not authorized to create action: test://")),
        (["ftp://a"], True, -1, (400, "Unsupported action ftp://a")),
        (["http://[::1"], True, -1, (400, "Unable to parse action http://[::1")),
        (["http://a", "http://b"], False, 2, None),
        (["http://a", "http://b"], False, 0, None),
        (
            ["http://a", "http://b"],
            False,
            1,
            (400, "insufficient_data_actions count exceeds maximum value 1"),
        ),
    ],
)
def test_it_checks_the_actions_of_every_state(
    actions: list[str], is_admin: bool, most: int, refusal: tuple[int, str] | None
) -> None:
    found = read(body(insufficient_data_actions=actions))
    if refusal is None:
        found.check_actions(most, is_admin=is_admin)
        return
    with pytest.raises(TelemetryError) as caught:
        found.check_actions(most, is_admin=is_admin)
    assert (caught.value.status, str(caught.value)) == refusal
