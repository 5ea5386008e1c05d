"""Alarms over HTTP: what is answered, to whom, and how what cannot be is refused."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from alarms.models import Alarm, EvaluationRound
from tests.alarms.sent import EVENT, THRESHOLD, body, created
from tests.callers import ADMIN, MEMBER, STRANGER, Api, fault
from tests.factories import MOMENT

pytestmark = pytest.mark.django_db

COLLEAGUE = {**MEMBER, "X-User-Id": "u3"}
NOBODY: dict[str, str] = {}
KEYS = [
    "alarm_id", "name", "description", "enabled", "ok_actions", "alarm_actions",
    "insufficient_data_actions", "repeat_actions", "type", "time_constraints", "project_id",
    "user_id", "timestamp", "state", "state_timestamp", "state_reason", "severity",
    "evaluate_timestamp",
]  # fmt: skip


def post(api: Api, caller: Mapping[str, str] = MEMBER, **named: Any) -> Any:
    """The alarm that is answered."""
    response = api.send("POST", "/v2/alarms", body(**named), caller)
    assert response.status_code == 201, response.content
    return json.loads(response.content)


def put(api: Api, sent: Mapping[str, Any], caller: Mapping[str, str] = MEMBER) -> Any:
    response = api.send("PUT", f"/v2/alarms/{sent['alarm_id']}", sent, caller)
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def test_it_makes_shows_and_deletes_an_alarm(api: Api) -> None:
    response = api.send("POST", "/v2/alarms", body(), MEMBER)
    made = json.loads(response.content)
    assert (response.status_code, list(made)) == (201, [*KEYS, "threshold_rule"])
    assert response["Content-Type"] == "application/json; charset=UTF-8"
    path = f"/v2/alarms/{made['alarm_id']}"
    assert response["Location"] == f"http://testserver{path}"
    assert api.get(path, MEMBER) == api.get(f"{path}/", MEMBER) == made
    assert api.get("/v2/alarms", MEMBER) == [made]
    response = api.send("DELETE", path, caller=MEMBER)
    assert (response.status_code, response.content) == (204, b"")
    assert api.fault(path, MEMBER) == (404, "Client", f"Alarm {made['alarm_id']} not found")
    assert api.get("/v2/alarms", MEMBER) == []


def test_it_shows_what_was_sent_and_the_defaults_of_the_rest(api: Api) -> None:
    made = post(api, alarm_actions=["http://b", "http://a", "http://b"], enabled="no")
    assert made["alarm_actions"] == ["http://b", "http://a"]
    assert (made["enabled"], made["severity"], made["state"]) == (
        False, "low", "insufficient data",
    )  # fmt: skip
    assert (made["project_id"], made["user_id"]) == ("p1", "u1")
    assert made["state_reason"] == "Not evaluated yet"
    assert made["timestamp"] == made["state_timestamp"] == made["evaluate_timestamp"]
    assert made["threshold_rule"]["threshold"] == 80.0
    assert b'"threshold":80.0' in api.send("GET", "/v2/alarms", caller=MEMBER).content


def test_it_ignores_what_is_the_servers_to_say(api: Api) -> None:
    sent: dict[str, Any] = {
        "alarm_id": "mine",
        "timestamp": "1970-01-01T00:00:00",
        "state_reason": "mine",
        "state_timestamp": "x",
        "evaluate_timestamp": "1970-01-01T00:00:00",
    }
    made = post(api, **sent)
    assert all(made[name] != value for name, value in sent.items())
    changed = put(api, {**made, **sent, "alarm_id": made["alarm_id"]})
    assert changed == {**made, "timestamp": changed["timestamp"]}


def test_what_it_shows_may_be_sent_back(api: Api) -> None:
    constraint = {"name": "night", "start": "0 23 * * *", "duration": "60"}
    made = post(api, time_constraints=[constraint], ok_actions=["http://a"], severity="moderate")
    changed = put(api, {**made, "name": "renamed"})
    assert changed == {**made, "name": "renamed", "timestamp": changed["timestamp"]}
    assert changed["timestamp"] > made["timestamp"]
    assert changed["time_constraints"] == [
        {
            "name": "night",
            "description": "Time constraint at 0 23 * * * lasting for 60 seconds",
            "start": "0 23 * * *",
            "duration": 60,
            "timezone": "",
        }
    ]


def test_a_put_may_change_the_type_and_resets_what_it_does_not_say(api: Api) -> None:
    made = post(api, severity="critical", state="ok", ok_actions=["http://a"])
    sent = {"alarm_id": made["alarm_id"], "name": "x", "type": "event", "event_rule": EVENT}
    changed = put(api, sent)
    assert list(changed) == [*KEYS, "event_rule"]
    assert (changed["severity"], changed["ok_actions"]) == ("low", [])
    assert (changed["state"], changed["state_reason"]) == (
        "insufficient data", "Manually set via API",
    )  # fmt: skip
    assert changed["state_timestamp"] == changed["timestamp"]


def test_null_lists_are_shown_as_they_were_sent(api: Api) -> None:
    made = api.send("POST", "/v2/alarms", {**body(), "ok_actions": None, "time_constraints": None})
    found = json.loads(made.content)
    assert (found["ok_actions"], found["alarm_actions"]) == (None, [])
    assert found["time_constraints"] == []


def test_ours_is_shown_where_it_differs(api: Api) -> None:
    made = post(api, no_data="keep", hold_rounds=1)
    assert list(made) == [*KEYS, "threshold_rule", "no_data"]
    assert made["no_data"] == "keep"
    assert post(api, hold_rounds=3)["hold_rounds"] == 3


@pytest.mark.parametrize(
    ("named", "follows"),
    [({}, True), ({"enabled": False}, False), ({"event_rule": EVENT}, False)],
)
def test_it_shows_when_it_was_last_due(api: Api, named: Mapping[str, Any], follows: bool) -> None:
    alarm = created(**named)
    round_ = EvaluationRound.objects.create(pk=1, next_due=MOMENT, slot=MOMENT - timedelta(hours=1))
    path = f"/v2/alarms/{alarm.alarm_id}"
    assert api.get(path)["evaluate_timestamp"] == "2026-03-01T12:00:00"
    EvaluationRound.objects.filter(pk=round_.pk).update(slot=MOMENT + timedelta(hours=1))
    expected = "2026-03-01T13:00:00" if follows else "2026-03-01T12:00:00"
    assert api.get(path)["evaluate_timestamp"] == expected


def test_it_shows_and_sets_the_state_as_a_bare_string(api: Api) -> None:
    path = f"/v2/alarms/{post(api)['alarm_id']}/state"
    assert api.get(path, MEMBER) == "insufficient data"
    response = api.send("PUT", path, b'"alarm"', MEMBER)
    assert (response.status_code, response.content) == (200, b'"alarm"')
    assert api.get(path, MEMBER) == "alarm"
    for sent in (b'"nonsense"', b'{"state": "ok"}', b'["ok"]', b"1", b'""'):
        assert fault(api.send("PUT", path, sent, MEMBER)) == (400, "Client", "state invalid")
    for empty in (b"", b"null"):
        refused = fault(api.send("PUT", path, empty, MEMBER))
        assert refused == (400, "Client", 'Missing argument: "state"')
    assert api.get(path, MEMBER) == "alarm"


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (b"", 'Missing argument: "data"'),
        (b"null", 'Missing argument: "data"'),
        (b"{", "Request is not in valid JSON format"),
        (b'"\xff"', "Request is not in valid JSON format"),
        (body(colour="red"), "Unknown attribute for argument data: colour"),
        (body(alarm_actions=["ftp://a"]), "Unsupported action ftp://a"),
    ],
)
def test_it_refuses_the_same_bodies_for_what_is_made_and_changed(
    api: Api, sent: Any, text: str
) -> None:
    path = f"/v2/alarms/{created().alarm_id}"
    assert fault(api.send("POST", "/v2/alarms", sent, MEMBER)) == (400, "Client", text)
    assert fault(api.send("PUT", path, sent, MEMBER)) == (400, "Client", text)
    assert Alarm.objects.count() == 1


def test_what_only_admins_may_call_is_refused_with_401(api: Api) -> None:
    sent = body(ok_actions=["log://"])
    text = "You are not authorized to create action: log://"
    assert fault(api.send("POST", "/v2/alarms", sent, MEMBER)) == (401, "Client", text)
    assert api.send("POST", "/v2/alarms", sent, ADMIN).status_code == 201


@pytest.mark.parametrize(
    ("caller", "named", "answer"),
    [
        (MEMBER, {}, ("u1", "p1")),
        (MEMBER, {"user_id": "u1", "project_id": "p1"}, ("u1", "p1")),
        (MEMBER, {"project_id": "p2"}, "Not Authorized to access project p2"),
        (MEMBER, {"user_id": "u2"}, "Not Authorized to access user u2"),
        (ADMIN, {}, ("root", "admin")),
        (ADMIN, {"user_id": "u1", "project_id": "p1"}, ("u1", "p1")),
        (ADMIN, {"project_id": "p1"}, ("root", "p1")),
        (NOBODY, {}, (None, None)),
    ],
)
def test_it_belongs_to_the_caller_or_to_whom_an_admin_says(
    api: Api, caller: Mapping[str, str], named: Mapping[str, Any], answer: Any
) -> None:
    if isinstance(answer, str):
        response = api.send("POST", "/v2/alarms", body(**named), caller)
        assert fault(response) == (401, "Client", answer)
    else:
        made = post(api, caller, **named)
        assert (made["user_id"], made["project_id"]) == answer


def test_a_colleague_who_changes_it_takes_it_over(api: Api) -> None:
    made = post(api)
    changed = put(api, {**made, "user_id": "u9", "project_id": "p9"}, COLLEAGUE)
    assert (changed["user_id"], changed["project_id"]) == ("u3", "p1")
    changed = put(api, {**made, "user_id": "u9"}, ADMIN)
    assert (changed["user_id"], changed["project_id"]) == ("u9", "p1")


def verbs(alarm_id: str) -> list[tuple[str, str, Any]]:
    """Everything that can be asked of one alarm, what deletes it last."""
    path = f"/v2/alarms/{alarm_id}"
    return [
        ("GET", path, b""),
        ("GET", f"{path}/state", b""),
        ("PUT", path, body()),
        ("PUT", f"{path}/state", b'"ok"'),
        ("DELETE", path, b""),
    ]


def test_a_stranger_finds_nothing_whatever_is_asked(api: Api) -> None:
    alarm = created()
    for alarm_id in (alarm.alarm_id, "nope", "x" * 300):
        for method, path, sent in verbs(alarm_id):
            refused = fault(api.send(method, path, sent, STRANGER))
            assert refused == (404, "Client", f"Alarm {alarm_id} not found"), (method, path)
    assert api.get("/v2/alarms", STRANGER) == []
    assert Alarm.objects.get().state == "insufficient data"


@pytest.mark.parametrize("caller", [MEMBER, COLLEAGUE, ADMIN, NOBODY])
def test_its_project_and_admins_may_do_everything(api: Api, caller: Mapping[str, str]) -> None:
    alarm = created()
    assert len(api.get("/v2/alarms", caller)) == 1
    statuses = [
        api.send(method, path, sent, caller).status_code
        for method, path, sent in verbs(alarm.alarm_id)
    ]
    assert statuses == [200, 200, 200, 200, 204]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
@pytest.mark.parametrize(
    "path",
    ["alarms/x/nothing", "alarms//", "alarms/x/state/y", "quotas/a/b", "metrics/a", "silences/a/b"],
)
def test_a_path_that_there_is_not_is_refused_with_a_fault(api: Api, method: str, path: str) -> None:
    refused = fault(api.send(method, f"/v2/{path}"))
    assert refused == (404, "Client", "The resource could not be found.")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "alarms", "GET, POST"),
        ("POST", "alarms/x", "GET, PUT, DELETE"),
        ("OPTIONS", "alarms/x", "GET, PUT, DELETE"),
        ("POST", "alarms/x/state", "GET, PUT"),
        ("DELETE", "quotas", "GET, POST"),
        ("GET", "quotas/x", "DELETE"),
        ("POST", "metrics", "GET"),
        ("PUT", "silences", "GET, POST"),
        ("PUT", "silences/x", "GET, DELETE"),
    ],
)
def test_a_method_that_there_is_not_is_refused_with_a_fault(
    api: Api, method: str, path: str, allow: str
) -> None:
    response = api.send(method, f"/v2/{path}")
    text = f"The method {method} is not allowed for this resource."
    assert fault(response) == (405, "Client", text)
    assert response["Allow"] == allow


def test_an_argument_that_there_is_not_is_refused(api: Api) -> None:
    alarm_id = created().alarm_id
    asked = [
        *verbs(alarm_id), ("POST", "/v2/alarms", body()), ("GET", "/v2/alarms", b""),
        ("GET", "/v2/quotas", b""), ("POST", "/v2/quotas", b""), ("GET", "/v2/silences", b""),
    ]  # fmt: skip
    for method, path, sent in asked:
        refused = fault(api.send(method, f"{path}?colour=red", sent))
        assert refused == (400, "Client", 'Unknown argument: "colour"'), (method, path)


def test_nothing_has_a_nul_in_its_name(api: Api) -> None:
    for method, path, sent in [*verbs("%00"), ("DELETE", "/v2/quotas/%00", b"")]:
        refused = fault(api.send(method, path, sent))
        assert refused == (404, "Client", "The resource could not be found."), (method, path)
    refused = api.fault("/v2/quotas?project_id=%00")
    assert refused == (400, "Client", "Text must not contain NUL")


def test_what_the_policy_forbids_is_refused_with_a_fault(
    api: Api, settings: LazySettings, tmp_path: Any
) -> None:
    path = tmp_path / "policy.json"
    path.write_text('{"default": "!"}')
    settings.TELEMETRY = {
        **settings.TELEMETRY, "POLICY_FILE": path, "EVALUATION_METRICS": True,
    }  # fmt: skip
    asked = [
        *verbs("x"), ("POST", "/v2/alarms", body()), ("GET", "/v2/alarms", b""),
        ("GET", "/v2/quotas", b""), ("POST", "/v2/quotas", b""), ("DELETE", "/v2/quotas/x", b""),
        ("GET", "/v2/metrics", b""), ("GET", "/v2/silences", b""), ("POST", "/v2/silences", b""),
        ("GET", "/v2/silences/x", b""), ("DELETE", "/v2/silences/x", b""),
    ]  # fmt: skip
    for method, route, sent in asked:
        refused = fault(api.send(method, route, sent))
        assert refused == (403, "Client", "RBAC Authorization Failed"), (method, route)


def test_it_takes_json_only_and_gives_nothing_else(api: Api) -> None:
    response = api.send("POST", "/v2/alarms", body(), Content_Type="text/xml")
    assert fault(response) == (415, "Client", "Unknown mimetype: text/xml")
    response = api.send("GET", "/v2/alarms", Accept="text/html")
    assert fault(response)[0] == 406


def test_a_quota_that_is_full_is_refused_with_403(api: Api) -> None:
    assert api.send("POST", "/v2/quotas", {"project_id": "p1", "quotas": [
        {"resource": "alarms", "limit": 0}]}).status_code == 201  # fmt: skip
    refused = fault(api.send("POST", "/v2/alarms", body(), MEMBER))
    assert refused == (403, "Client", "Alarm quota exceeded for user u1 on project p1")


def test_a_name_that_is_taken_is_refused_with_409(api: Api, settings: LazySettings) -> None:
    settings.TELEMETRY = {**settings.TELEMETRY, "ALARM_UNIQUE_NAMES": True}
    post(api)
    refused = fault(api.send("POST", "/v2/alarms", body(), MEMBER))
    assert refused == (409, "Client", "Alarm with name='busy' exists")


def test_members_of_a_combination_are_looked_for_in_the_project(api: Api) -> None:
    one, two = post(api)["alarm_id"], post(api, STRANGER)["alarm_id"]
    sent = body(combination_rule={"alarm_ids": [one, two]})
    refused = fault(api.send("POST", "/v2/alarms", sent, MEMBER))
    assert refused == (404, "Client", f"Alarm {two} not found in project p1")
    assert api.send("POST", "/v2/alarms", sent, ADMIN).status_code == 201
    query = [{"field": "project_id", "op": "eq", "value": "p2"}]
    sent = body(threshold_rule={**THRESHOLD, "query": query})
    refused = fault(api.send("POST", "/v2/alarms", sent, MEMBER))
    assert refused == (401, "Client", "Not Authorized to access project p2")
