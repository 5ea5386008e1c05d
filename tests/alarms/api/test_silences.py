"""Silences over HTTP."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from tests.alarms.sent import created
from tests.callers import ADMIN, MEMBER, STRANGER, Api, fault
from tests.factories import MOMENT

pytestmark = pytest.mark.django_db

END = "2026-03-01T14:00:00"
NIGHT: dict[str, Any] = {"name_pattern": "busy*", "ends_at": END, "reason": "works on it"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MOMENT, tick=False) as traveller:
        yield traveller


def post(api: Api, sent: Any, caller: Mapping[str, str] = MEMBER) -> Any:
    return api.send("POST", "/v2/silences", sent, caller)


def test_it_makes_shows_and_ends_a_silence(api: Api) -> None:
    response = post(api, NIGHT)
    made = json.loads(response.content)
    path = f"/v2/silences/{made['silence_id']}"
    assert (response.status_code, response["Location"]) == (201, f"http://testserver{path}")
    assert made == {
        "silence_id": made["silence_id"],
        "alarm_id": "",
        "project_id": "",
        "name_pattern": "busy*",
        "ends_at": END,
        "reason": "works on it",
        "owner": "p1",
        "made_by": "u1",
        "made_at": "2026-03-01T12:00:00",
    }
    assert api.get("/v2/silences", MEMBER) == [made]
    assert api.get(path, MEMBER) == made
    assert api.send("DELETE", path, caller=MEMBER).status_code == 204
    assert api.get("/v2/silences", MEMBER) == []
    gone = (404, "Client", f"Silence {made['silence_id']} Not Found")
    assert api.fault(path, MEMBER) == gone


def test_it_is_over_at_its_end(api: Api, clock: time_machine.Traveller) -> None:
    post(api, NIGHT)
    clock.shift(timedelta(hours=2))
    assert api.get("/v2/silences", MEMBER) == []


def test_a_stranger_neither_sees_nor_ends_it(api: Api) -> None:
    made = json.loads(post(api, NIGHT).content)
    path = f"/v2/silences/{made['silence_id']}"
    gone = (404, "Client", f"Silence {made['silence_id']} Not Found")
    assert api.get("/v2/silences", STRANGER) == []
    assert api.fault(path, STRANGER) == gone
    assert fault(api.send("DELETE", path, caller=STRANGER)) == gone
    assert api.get("/v2/silences", ADMIN) == [made]
    for name in ("nope", "%00"):
        assert api.send("DELETE", f"/v2/silences/{name}").status_code == 404
        assert api.send("GET", f"/v2/silences/{name}").status_code == 404


def test_it_may_be_of_one_alarm_or_of_a_project(api: Api) -> None:
    alarm = created()
    of_alarm = {**NIGHT, "name_pattern": None, "alarm_id": alarm.alarm_id}
    assert json.loads(post(api, of_alarm).content)["alarm_id"] == alarm.alarm_id
    assert post(api, of_alarm, STRANGER).status_code == 404
    of_project = {"project_id": "p1", "ends_at": f"{END}+00:00", "reason": "x"}
    assert json.loads(post(api, of_project).content)["project_id"] == "p1"
    refused = fault(post(api, of_project, STRANGER))
    assert refused == (401, "Client", "Not Authorized to access project p1")


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (b"", 'Missing argument: "data"'),
        ({**NIGHT, "x": 1}, "Unknown attribute for argument data: x"),
        ({**NIGHT, "ends_at": None}, "field/attribute ends_at. Value: 'None'. Mandatory"),
        ({**NIGHT, "ends_at": "soon"}, "ends_at. Value: 'soon'. invalid timestamp format"),
        ({**NIGHT, "ends_at": "9999-12-31T23:59:59-10:00"}, "invalid timestamp format"),
        ({**NIGHT, "ends_at": 5}, "field/attribute ends_at. Value: '5'."),
        ({**NIGHT, "ends_at": "2026-03-01T11:00:00"}, "an end that is still to come"),
        ({**NIGHT, "reason": " "}, "needs a reason"),
        ({"ends_at": END, "reason": "x"}, "an alarm, a project or a pattern"),
    ],
)
def test_it_refuses_what_is_no_silence(api: Api, sent: Any, text: str) -> None:
    status, code, said = fault(post(api, sent))
    assert (status, code) == (400, "Client")
    assert text in said
