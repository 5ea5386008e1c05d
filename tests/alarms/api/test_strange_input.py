"""Strange values in every place of an alarm: refused in words, or stored and taken back."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.alarms.sent import EVENT, THRESHOLD, body
from tests.callers import ADMIN, MEMBER, Api, fault

pytestmark = pytest.mark.django_db

STRANGE: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**31, 2**63, 2**70, 1.5, 1e308, "", " ", "x" * 20_000, "ünï☃",
    "\0", "\ud800", "nan", "inf", "-1", "1" * 5000, "[]", "{}", [], [[]], [None], [{}], {},
    {"a": 1}, {"and": []}, {"or": [{}]}, ["a", 1],
)  # fmt: skip
CONSTRAINT = {"name": "night", "start": "0 23 * * *", "duration": 60, "timezone": "Europe/Oslo"}
WHOLE = {
    **body(threshold_rule={**THRESHOLD, "query": [{"field": "resource_id", "value": "vm-1"}]}),
    "description": "d", "enabled": True, "ok_actions": ["http://a"], "alarm_actions": [],
    "insufficient_data_actions": [], "repeat_actions": False, "time_constraints": [CONSTRAINT],
    "user_id": "u1", "project_id": "p1", "state": "ok", "severity": "low", "no_data": "ok",
    "hold_rounds": 2, "alarm_id": "x", "timestamp": "t", "state_timestamp": "t",
    "state_reason": "r", "evaluate_timestamp": "t",
}  # fmt: skip
OTHERS = (
    body(event_rule={**EVENT, "query": [{"field": "traits.a", "value": "1", "type": "integer"}]}),
    body(combination_rule={"alarm_ids": ["a", "b"], "operator": "or"}),
    body(composite_rule={"or": [{"type": "threshold", **THRESHOLD}]}),
    body(
        gnocchi_resources_threshold_rule={
            "metric": "cpu", "resource_id": "x", "resource_type": "instance", "threshold": 1,
            "aggregation_method": "mean", "granularity": 60, "evaluation_periods": 1,
        }
    ),
    body(
        gnocchi_aggregation_by_resources_threshold_rule={
            "metric": "cpu", "query": '{"=": {"id": "x"}}', "resource_type": "instance",
            "threshold": 1, "aggregation_method": "rate:mean",
        }
    ),
    body(prometheus_rule={"query": "up", "threshold": 1}),
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything in it."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for name, inner in items:
        yield (*path, name)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, name))


def changed(value: Any, path: tuple[Any, ...], strange: Any) -> Any:
    """A copy with something else at a place."""
    copy = json.loads(json.dumps(value))
    inner = copy
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = strange
    return copy


@pytest.mark.parametrize("whole", [WHOLE, *OTHERS], ids=lambda one: one["type"])
def test_every_alarm_is_refused_in_words_or_stored(api: Api, whole: Any) -> None:
    for path in places(whole):
        for strange in STRANGE:
            response = api.send("POST", "/v2/alarms", changed(whole, path, strange), MEMBER)
            if response.status_code == 201:
                check_stored(api, json.loads(response.content))
            else:
                assert fault(response)[0] in (400, 401, 403, 404), (path, strange)


def check_stored(api: Api, made: Any) -> None:
    """What was made is shown, and what is shown may be sent back."""
    path = f"/v2/alarms/{made['alarm_id']}"
    assert api.get(path) == made
    response = api.send("PUT", path, made, MEMBER)
    assert response.status_code == 200, made
    found = json.loads(response.content)
    assert found == {**made, "timestamp": found["timestamp"]}
    assert api.send("DELETE", path, caller=ADMIN).status_code == 204


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("path", ["alarms", "alarms/x", "alarms/x/state", "quotas", "silences"])
def test_every_body_is_answered(api: Api, method: str, path: str) -> None:
    for strange in (*map(json.dumps, STRANGE), "nonsense", "[" * 100_000, "\xff"):
        response = api.send(method, f"/v2/{path}", strange.encode("latin-1"))
        assert 400 <= fault(response)[0] < 500, strange
