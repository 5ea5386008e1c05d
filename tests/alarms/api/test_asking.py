"""Alarms and their history asked for over HTTP: filters, pages, complex queries, who sees what."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from alarms import definition, services
from alarms.models import Alarm
from alarms.states import State
from tests.alarms import sent
from tests.alarms.sent import EVENT, THRESHOLD, body, created
from tests.callers import ADMIN, MEMBER, STRANGER, Api, Fault, fault, whole
from tests.factories import MOMENT

pytestmark = pytest.mark.django_db

Pairs = list[tuple[str, str]]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def four(api: Api) -> Api:
    """Alarms a to d, each made a minute after the one before it; c is a stranger's."""
    created(name="a", severity="critical", state="ok")
    created(name="b", event_rule=EVENT, enabled=False)
    created(sent.STRANGER, name="c", severity="moderate")
    created(sent.COLLEAGUE, name="d", threshold_rule={**THRESHOLD, "meter_name": "mem"})
    for minutes, name in enumerate("abcd"):
        Alarm.objects.filter(name=name).update(timestamp=MOMENT + minutes * MINUTE)
    return api


def q(*pairs: tuple[str, str], kind: str | None = None) -> str:
    """A query as aodhclient sends it, or with types as ceilometerclient does."""
    parts: Pairs = []
    for field, value in pairs:
        typed = [] if kind is None else [("q.type", kind)]
        parts += [("q.field", field), ("q.op", "eq"), *typed, ("q.value", value)]
    return urlencode(parts)


def names(api: Api, query: str = "", caller: Mapping[str, str] = ADMIN) -> str:
    response = api.send("GET", f"/v2/alarms?{query}", caller=caller)
    assert response.status_code == 200, response.content
    return "".join(one["name"] for one in json.loads(whole(response)))


@pytest.mark.parametrize(
    ("pairs", "found"),
    [
        ([], "dcba"),
        ([("name", "a")], "a"),
        ([("type", "event")], "b"),
        ([("severity", "moderate")], "c"),
        ([("state", "insufficient data")], "dcb"),
        ([("enabled", "True")], "dca"),
        ([("enabled", "1")], "dca"),
        ([("enabled", "false")], "b"),
        ([("repeat_actions", "False")], "dcba"),
        ([("meter", "mem")], "d"),
        ([("project", "p1")], "dba"),
        ([("project_id", "p2")], "c"),
        ([("user", "u3")], "d"),
        ([("user_id", "u1"), ("severity", "critical")], "a"),
        ([("all_projects", "true")], "dcba"),
        ([("timestamp", "2026-03-01T12:01:00")], "b"),
        ([("name", "A")], ""),
    ],
)
@pytest.mark.parametrize("kind", [None, ""])
def test_it_lists_what_is_asked_for(four: Api, pairs: Pairs, found: str, kind: str | None) -> None:
    assert names(four, q(*pairs, kind=kind)) == found


def test_it_finds_an_alarm_by_its_id(four: Api) -> None:
    alarm_id = Alarm.objects.get(name="b").alarm_id
    assert names(four, q(("alarm_id", alarm_id)), MEMBER) == "b"
    assert names(four, q(("alarm_id", alarm_id)), STRANGER) == ""


@pytest.mark.parametrize(
    ("caller", "query", "answer"),
    [
        (MEMBER, "", "dba"),
        (STRANGER, "", "c"),
        (MEMBER, q(("project_id", "p1")), "dba"),
        (MEMBER, q(("all_projects", "false")), "dba"),
        (MEMBER, q(("project_id", "p2")), (401, "Not Authorized to access project p2")),
        (STRANGER, q(("project", "p1")), (401, "Not Authorized to access project p1")),
        (MEMBER, q(("all_projects", "true")), (403, "RBAC Authorization Failed")),
    ],
)
def test_it_lists_what_is_of_the_caller(
    four: Api, caller: Mapping[str, str], query: str, answer: Any
) -> None:
    if isinstance(answer, str):
        assert names(four, query, caller) == answer
    else:
        status, text = answer
        assert four.fault(f"/v2/alarms?{query}", caller) == (status, "Client", text)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("limit=2", "dc"),
        ("limit=0", "dcba"),
        ("sort=name", "abcd"),
        ("sort=name:desc&limit=3", "dcb"),
        ("sort=severity:desc&sort=name", "acbd"),
        ("sort=enabled&sort=name", "bacd"),
    ],
)
def test_it_lists_in_order_and_in_part(four: Api, query: str, found: str) -> None:
    assert names(four, query) == found


@pytest.mark.parametrize("sort", ["name", "severity:asc", "timestamp:desc", "state", "user_id"])
def test_pages_follow_each_other(four: Api, sort: str) -> None:
    expected, found, marker = names(four, f"sort={sort}"), "", ""
    while part := names(four, f"sort={sort}&limit=1" + (marker and f"&marker={marker}")):
        found += part
        marker = Alarm.objects.get(name=part).alarm_id
    assert found == expected
    assert len(found) == 4


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("limit=-1", "Invalid input for field/attribute limit. Value: '-1'. "
         "it should be a positive integer."),
        ("limit=many", "Invalid input for field/attribute limit. Value: 'many'. "
         "unable to convert to int"),
        ("sort=colour", "Invalid input for field/attribute sort. Value: 'colour'."),
        ("sort=name:up", "Invalid input for field/attribute sort. Value: 'name:up'."),
        ("marker=nope", "Marker nope not found."),
        (q(("colour", "red")), 'Unknown argument: "colour": unrecognized field in query: '),
        ("q.field=name&q.op=ne&q.value=a",
         "Invalid input for field/attribute op. Value: 'ne'. unimplemented operator for name"),
        (q(("enabled", "maybe")), "Invalid input for field/attribute enabled. Value: 'maybe'."),
        ("colour=red", 'Unknown argument: "colour"'),
    ],
)  # fmt: skip
def test_it_refuses_what_it_cannot_list(four: Api, query: str, text: str) -> None:
    status, code, said = four.fault(f"/v2/alarms?{query}")
    assert (status, code) == (400, "Client")
    assert said.startswith(text)


@pytest.fixture
def told(api: Api) -> str:
    """The id of an alarm that was made at 12:00, changed an hour later, and deleted at 14:00."""
    alarm = created(severity="critical")
    hour = timedelta(hours=1)
    changed = definition.read(body(severity="low", state="ok"))
    services.replace(alarm.alarm_id, changed, sent.COLLEAGUE, MOMENT + hour)
    services.delete(alarm.alarm_id, sent.ADMIN, MOMENT + 2 * hour)
    return alarm.alarm_id


def types(api: Api, path: str, caller: Mapping[str, str] = MEMBER) -> list[str]:
    response = api.send("GET", path, caller=caller)
    assert response.status_code == 200, response.content
    return [one["type"] for one in json.loads(whole(response))]


WHOLE = ["deletion", "rule change", "creation"]


def test_the_history_outlives_the_alarm(api: Api, told: str) -> None:
    response = api.send("GET", f"/v2/alarms/{told}/history", caller=MEMBER)
    deletion, change, creation = json.loads(response.content)
    assert list(change) == [
        "event_id", "alarm_id", "type", "detail", "project_id", "user_id", "on_behalf_of",
        "timestamp",
    ]  # fmt: skip
    assert (change["alarm_id"], change["type"]) == (told, "rule change")
    assert (change["user_id"], change["project_id"], change["on_behalf_of"]) == ("u3", "p1", "p1")
    assert change["timestamp"] == "2026-03-01T13:00:00"
    assert json.loads(change["detail"]) == {
        "severity": "low", "state": "ok", "state_reason": "Manually set via API", "user_id": "u3",
    }  # fmt: skip
    assert (deletion["user_id"], deletion["on_behalf_of"]) == ("root", "p1")
    # What the formatter of ceilometerclient needs.
    for one in (creation, deletion):
        assert {"name", "description", "type", "rule", "severity"} < set(json.loads(one["detail"]))


def test_the_history_of_what_is_foreign_or_was_never_there_is_empty(api: Api, told: str) -> None:
    assert types(api, f"/v2/alarms/{told}/history", STRANGER) == []
    assert types(api, "/v2/alarms/nope/history") == []
    assert types(api, f"/v2/alarms/{told}/history", ADMIN) == WHOLE


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("limit=1", WHOLE[:1]),
        ("sort=timestamp:asc&limit=2", WHOLE[:0:-1]),
        (q(("type", "creation")), ["creation"]),
        (q(("severity", "critical")), ["creation"]),
        (q(("user_id", "u3")), ["rule change"]),
        (q(("user", "root")), ["deletion"]),
        ("q.field=timestamp&q.op=gt&q.value=2026-03-01T13:00:00", ["deletion"]),
        ("q.field=timestamp&q.op=le&q.value=2026-03-01T13:00:00", WHOLE[1:]),
    ],
)
def test_it_lists_some_of_the_history(api: Api, told: str, query: str, found: list[str]) -> None:
    assert types(api, f"/v2/alarms/{told}/history?{query}") == found


def test_a_page_of_the_history_begins_behind_its_marker(api: Api, told: str) -> None:
    path = f"/v2/alarms/{told}/history"
    first = api.get(f"{path}?limit=1", MEMBER)[0]["event_id"]
    assert types(api, f"{path}?marker={first}") == WHOLE[1:]
    assert api.fault(f"{path}?marker=nope", MEMBER) == (400, "Client", "Marker nope not found.")


def test_lines_of_one_moment_are_told_in_the_order_in_which_they_were_written(api: Api) -> None:
    states: list[State] = ["ok", "alarm", "ok", "insufficient data", "alarm"]
    alarm_id = created().alarm_id
    for state in states:
        services.set_state(alarm_id, state, sent.ADMIN, MOMENT)
    path = f"/v2/alarms/{alarm_id}/history?q.field=type&q.value=state+transition"

    def told(query: str) -> list[str]:
        return [json.loads(line["detail"])["state"] for line in api.get(f"{path}&{query}", MEMBER)]

    assert told("sort=timestamp:desc") == states[::-1]
    assert told("sort=timestamp") == told("sort=type") == states
    second = api.get(path, MEMBER)[1]["event_id"]
    assert told(f"marker={second}") == states[2::-1]


@pytest.mark.parametrize(
    ("query", "status", "text"),
    [
        ("q.field=timestamp&q.op=eq&q.value=2026-03-01", 400,
         "Invalid input for field/attribute op. Value: 'eq'. unimplemented operator for timestamp"),
        ("q.field=timestamp&q.op=gt&q.value=zz", 400,
         "Invalid input for field/attribute timestamp. Value: 'zz'. invalid timestamp format"),
        (q(("alarm_id", "x")), 400, 'Unknown argument: "alarm_id": unrecognized field in query: '),
        (q(("on_behalf_of", "p1")), 400, 'Unknown argument: "on_behalf_of": unrecognized field'),
        (q(("project_id", "p2")), 401, "Not Authorized to access project p2"),
    ],
)  # fmt: skip
def test_it_refuses_what_it_cannot_tell(
    api: Api, told: str, query: str, status: int, text: str
) -> None:
    found = api.fault(f"/v2/alarms/{told}/history?{query}", MEMBER)
    assert found[:2] == (status, "Client")
    assert found[2].startswith(text)


def ask(api: Api, path: str, caller: Mapping[str, str] = ADMIN, **sent: Any) -> Any:
    """What a complex query answers, or its fault."""
    texts = {k: v if isinstance(v, str | int) else json.dumps(v) for k, v in sent.items()}
    response = api.send("POST", f"/v2/query/{path}", texts, caller)
    return json.loads(whole(response)) if response.status_code == 200 else fault(response)


def queried(api: Api, caller: Mapping[str, str] = ADMIN, **sent: Any) -> Any:
    found = ask(api, "alarms", caller, **sent)
    return "".join(one["name"] for one in found) if isinstance(found, list) else found


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ({}, "dcba"),
        ({"filter": {"=": {"name": "a"}}}, "a"),
        ({"filter": {"!=": {"type": "threshold"}}}, "b"),
        ({"filter": {"in": {"name": ["a", "d"]}}}, "da"),
        ({"filter": {"=~": {"name": "[bc]"}}}, "cb"),
        ({"filter": {"and": [{"=": {"project": "p1"}}, {"=": {"enabled": "true"}}]}}, "da"),
        ({"filter": {"not": {"=": {"severity": "low"}}}}, "ca"),
        ({"filter": {">": {"timestamp": "2026-03-01T12:01:00"}}}, "dc"),
        ({"filter": {"=": {"state": "ok"}}, "limit": "3"}, "a"),
        ({"orderby": [{"name": "ASC"}], "limit": "2"}, "ab"),
        ({"orderby": [{"severity": "desc"}, {"name": "asc"}], "limit": 3}, "acb"),
    ],
)
def test_it_answers_complex_queries(four: Api, sent: Mapping[str, Any], found: str) -> None:
    assert queried(four, **sent) == found


@pytest.mark.postgres
@pytest.mark.parametrize("pattern", [r"\pN", "(?P<n>x)", "a{300}"])
def test_it_refuses_patterns_that_the_database_cannot_read(four: Api, pattern: str) -> None:
    refused: Fault = (400, "Client", "The regular expression cannot be read")
    assert queried(four, filter={"=~": {"name": pattern}}) == refused


def test_complex_queries_see_what_is_of_the_caller(four: Api) -> None:
    assert queried(four, MEMBER) == "dba"
    assert queried(four, STRANGER, filter={"!=": {"name": "x"}}) == "c"
    refused: Fault = (401, "Client", "Not Authorized to access project p1")
    assert queried(four, STRANGER, filter={"=": {"project_id": "p1"}}) == refused


def test_complex_queries_of_the_history(api: Api, told: str) -> None:
    def kinds(caller: Mapping[str, str] = ADMIN, **sent: Any) -> Any:
        found = ask(api, "alarms/history", caller, **sent)
        return [one["type"] for one in found] if isinstance(found, list) else found

    assert kinds() == kinds(MEMBER) == WHOLE
    assert kinds(STRANGER) == []
    assert kinds(filter={"=": {"alarm_id": told}}, limit="1") == WHOLE[:1]
    assert kinds(filter={"=": {"severity": "critical"}}) == ["creation"]
    assert kinds(orderby=[{"timestamp": "asc"}]) == WHOLE[::-1]
    refused = (401, "Client", "Not Authorized to access project p1")
    assert kinds(STRANGER, filter={"=": {"on_behalf_of": "p1"}}) == refused


@pytest.mark.parametrize("path", ["alarms", "alarms/history"])
@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ({"filter": "{"}, "Filter expression not valid: "),
        ({"filter": {"and": [{"=": {"type": "x"}}]}}, "Filter expression not valid: "),
        ({"filter": {"=": {"colour": "red"}}}, "Filter expression not valid: "),
        ({"orderby": [{"colour": "asc"}]}, "Order-by expression not valid: "),
        ({"filter": {"=": {"timestamp": "zz"}}}, "Failed to parse the timestamp value zz"),
        ({"limit": 0}, "Limit should be positive"),
        ({"limit": "-1"}, "Limit should be positive"),
        ({"colour": "red"}, "Unknown attribute for argument body: colour"),
    ],
)
def test_it_refuses_complex_queries(
    api: Api, path: str, sent: Mapping[str, Any], text: str
) -> None:
    status, code, said = ask(api, path, **sent)
    assert (status, code) == (400, "Client")
    assert said.startswith(text)


@pytest.mark.parametrize("path", ["alarms", "alarms/history"])
def test_a_complex_query_needs_a_body(api: Api, path: str) -> None:
    refused = fault(api.send("POST", f"/v2/query/{path}"))
    assert refused == (400, "Client", 'Missing argument: "body"')
    assert fault(api.send("GET", f"/v2/query/{path}"))[0] == 405
    assert fault(api.send("POST", "/v2/query/alarms/nothing"))[0] == 404
