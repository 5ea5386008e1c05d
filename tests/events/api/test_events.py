"""/v2/events and /v2/event_types: shapes, conditions, order, and who may see what."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.db import transaction

from events.records import Event
from events.storage.writing import prepare, record
from tests.callers import ADMIN, MEMBER, STRANGER, Api
from tests.events.made import MOMENT, make_event

HOUR = timedelta(hours=1)
COLLEAGUE = {**MEMBER, "X-User-Id": "u9"}

pytestmark = pytest.mark.django_db


def store(*events: Event) -> None:
    prepare(events)
    with transaction.atomic():
        record(events)


def asked(*conditions: Sequence[str], **more: Any) -> str:
    words = [
        (f"q.{part}", word)
        for place, part in enumerate(("field", "op", "value", "type"))
        for condition in conditions
        for word in [condition[place] if place < len(condition) else ""]
    ]
    return "/v2/events?" + urlencode([*words, *more.items()])


def numbers(found: list[dict[str, Any]]) -> list[int]:
    return [UUID(event["message_id"]).int for event in found]


@pytest.fixture
def three(db: None) -> None:
    store(
        make_event(1, size=8, load=0.5, project_id="admin"),
        make_event(2, "volume.delete.end", MOMENT + HOUR, size=16, project_id="", user_id=""),
        make_event(
            3, generated=MOMENT + 2 * HOUR, when=MOMENT, host="h1", raw={"payload": {"a": 1}}
        ),
    )


@pytest.mark.usefixtures("three")
def test_an_event_has_its_shape(api: Api) -> None:
    shown = {
        "message_id": str(UUID(int=3)),
        "event_type": "volume.create.end",
        "generated": "2026-03-04T07:06:07",
        "traits": [
            {"name": "host", "type": "string", "value": "h1"},
            {"name": "project_id", "type": "string", "value": "p1"},
            {"name": "user_id", "type": "string", "value": "u1"},
            {"name": "when", "type": "datetime", "value": "2026-03-04T05:06:07"},
        ],
        "raw": {"payload": {"a": 1}},
    }
    assert api.get(f"/v2/events/{UUID(int=3)}", MEMBER) == shown
    assert api.get("/v2/events", MEMBER) == [shown]
    assert api.get(f"/v2/events/{UUID(int=1)}")["traits"][0] == {
        "name": "load", "type": "float", "value": "0.5",
    }  # fmt: skip


@pytest.mark.usefixtures("three")
def test_everybody_sees_what_is_theirs(api: Api) -> None:
    assert numbers(api.get("/v2/events", MEMBER)) == [3]
    assert numbers(api.get("/v2/events", COLLEAGUE)) == []
    assert numbers(api.get("/v2/events", STRANGER)) == []
    assert numbers(api.get("/v2/events")) == [1, 2]
    assert numbers(api.get(asked(("all_tenants", "eq", "True")))) == [1, 2, 3]
    assert numbers(api.get(asked(("all_tenants", "eq", "no")))) == [1, 2]
    assert numbers(api.get(asked(("all_tenants", "eq", "True")), MEMBER)) == []
    for number, caller in ((1, MEMBER), (2, MEMBER), (3, STRANGER), (3, ADMIN), (9, ADMIN)):
        path = f"/v2/events/{UUID(int=number)}"
        expected = (404, "Client", f"Event {UUID(int=number)} Not Found")
        assert api.fault(path, caller) == expected


@pytest.mark.parametrize("missing", ["X-Project-Id", "X-User-Id"])
def test_who_has_no_project_or_name_is_forbidden(api: Api, missing: str) -> None:
    caller = {name: value for name, value in ADMIN.items() if name != missing}
    for path in ("/v2/events", f"/v2/events/{UUID(int=1)}"):
        response = api.send("GET", path, caller=caller)
        assert response.status_code == 403
        assert b"RBAC Authorization Failed" in response.content


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ([("event_type", "", "volume.create.end")], [1, 3]),
        ([("event_type", "eq", "a"), ("event_type", "eq", "volume.delete.end")], [2]),
        ([("message_id", "eq", str(UUID(int=2)))], [2]),
        ([("message_id", "eq", "no such id")], []),
        ([("start_timestamp", "ge", "2026-03-04T06:06:07")], [2, 3]),
        ([("end_timestamp", "le", "2026-03-04T07:06:07+01:00")], [1, 2]),
        ([("size", "ge", "8", "integer"), ("size", "lt", "16", "integer")], [1]),
        ([("size", "eq", "8")], []),
        ([("size", "ne", "8", "integer")], [2]),
        ([("load", "gt", "0.4", "float")], [1]),
        ([("when", "eq", "2026-03-04 05:06:07", "datetime")], [3]),
        ([("host", "eq", "h1", "string")], [3]),
    ],
)
def test_conditions(api: Api, conditions: list[Sequence[str]], found: list[int]) -> None:
    assert numbers(api.get(asked(*conditions, ("all_tenants", "eq", "true")))) == found


@pytest.mark.usefixtures("three")
def test_the_question_may_stand_in_a_body(api: Api) -> None:
    items = [{"field": "event_type", "op": "eq", "type": "string", "value": "volume.delete.end"}]
    response = api.send("GET", "/v2/events", {"q": items, "limit": 5})
    assert numbers(response.json()) == [2]


OPERATORS = "('lt', 'le', 'eq', 'ne', 'ge', 'gt')"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            asked(("a", "like", "x")),
            f"Operator like is not supported. The supported operators are: {OPERATORS}",
        ),
        (
            asked(("event_type", "ne", "x")),
            "Operator ne is not supported. Only `eq' operator is available for field event_type",
        ),
        (
            asked(("start_timestamp", "gt", "2026-01-01")),
            "Operator gt is not supported. Only `ge' operator is available for field "
            "start_timestamp",
        ),
        (
            asked(("end_timestamp", "", "2026-01-01")),
            "Operator eq is not supported. Only `le' operator is available for field end_timestamp",
        ),
        (
            asked(("a", "eq", "x", "integer")),
            "Unable to convert the value x to the expected data type integer.",
        ),
        (
            asked(("a", "eq", "nan", "float")),
            "Unable to convert the value nan to the expected data type float.",
        ),
        (
            asked(("start_timestamp", "ge", "soon")),
            "Unable to convert the value soon to the expected data type datetime.",
        ),
        (
            asked(("a", "eq", "x", "boolean")),
            "The data type boolean is not supported. The supported data type list is: "
            "['integer', 'float', 'string', 'datetime']",
        ),
        (
            "/v2/events?limit=-1",
            "Invalid input for field/attribute limit. Value: '-1'. "
            "the limit should be a positive integer.",
        ),
        (
            "/v2/events?sort=size:asc",
            "Invalid input for field/attribute sort. Value: 'size:asc'. the sort parameter should "
            "be a pair of sort key and sort dir combined with ':', or only sort key specified and "
            "sort dir will be default 'asc', the supported sort keys are: "
            "('message_id', 'generated')",
        ),
        (
            "/v2/events?sort=generated:up",
            "Invalid input for field/attribute sort direction. Value: 'generated:up'. "
            "the supported sort directions are: ('asc', 'desc')",
        ),
        (
            f"/v2/events?marker={UUID(int=77)}",
            f"Marker {UUID(int=77)} not found.",
        ),
        ("/v2/events?color=red", 'Unknown argument: "color"'),
    ],
)
def test_what_cannot_be_asked(api: Api, path: str, text: str) -> None:
    assert api.fault(path) == (400, "Client", text)


@pytest.mark.usefixtures("three")
def test_order_and_pages(api: Api) -> None:
    everything = ("all_tenants", "eq", "1")
    assert numbers(api.get(asked(everything, limit=2))) == [1, 2]
    assert numbers(api.get(asked(everything, limit=0))) == [1, 2, 3]
    assert numbers(api.get(asked(everything, sort="generated:desc"))) == [3, 2, 1]
    assert numbers(api.get(asked(everything, sort="message_id:desc", limit=1))) == [3]
    assert numbers(api.get(asked(everything, marker=str(UUID(int=1))))) == [2, 3]
    behind = asked(everything, sort="generated:desc", marker=str(UUID(int=3)))
    assert numbers(api.get(behind)) == [2, 1]


@pytest.mark.usefixtures("three")
def test_a_long_list_is_streamed(api: Api) -> None:
    path = asked(("all_tenants", "eq", "1"), limit=10_001)
    assert api.send("GET", path).streaming
    assert numbers(api.get(path)) == [1, 2, 3]


@pytest.mark.usefixtures("three")
def test_types_and_traits(api: Api) -> None:
    assert api.get("/v2/event_types") == ["volume.create.end", "volume.delete.end"]
    assert api.get("/v2/event_types/volume.create.end/traits") == [
        {"name": "host", "type": "string"},
        {"name": "project_id", "type": "string"},
        {"name": "user_id", "type": "string"},
        {"name": "size", "type": "integer"},
        {"name": "load", "type": "float"},
        {"name": "when", "type": "datetime"},
    ]
    assert api.get("/v2/event_types/volume.create.end/traits/project_id") == [
        {"name": "project_id", "type": "string", "value": "admin"},
        {"name": "project_id", "type": "string", "value": "p1"},
    ]
    assert api.get("/v2/event_types/volume.create.end/traits/when")[0]["value"] == (
        "2026-03-04T05:06:07"
    )
    assert api.get("/v2/event_types/none/traits") == []
    assert api.get("/v2/event_types/volume.create.end/traits/none") == []
    assert api.fault("/v2/event_types/volume.create.end")[0] == 404


@pytest.mark.parametrize("path", ["", "/a", "/a/traits", "/a/traits/b"])
def test_types_are_for_who_sees_all(api: Api, path: str) -> None:
    found = api.fault(f"/v2/event_types{path}", MEMBER)
    assert found == (401, "Client", "Not Authorized to access project p1")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_there_is_only_get(api: Api, method: str) -> None:
    assert api.send(method, "/v2/events").status_code == 405
