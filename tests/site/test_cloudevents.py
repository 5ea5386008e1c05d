"""POST /v2/cloudevents: events of any program, stored once, for who may say so."""

from typing import Any

import pytest

from events.models import StoredEvent
from meters.models import Series, StoredSample
from tests.callers import ADMIN, MEMBER, STRANGER, Api, fault

PATH = "/v2/cloudevents"
KIND = {"Content_Type": "application/cloudevents+json"}

# Partitions are made in transactions of their own.
pytestmark = pytest.mark.django_db(transaction=True)


def cloudevent(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"e-{number}",
        "source": "/shop/eu",
        "type": "order.paid",
        "time": "2026-03-04T05:06:07Z",
        "subject": "order/7",
        "data": {"amount": 12},
    } | changes


def post(api: Api, content: Any, caller: Any = MEMBER, **headers: str) -> Any:
    response = api.send("POST", PATH, content, caller, **{**KIND, **headers})
    assert response.status_code == 202, response.content
    return response.json()


def test_one_becomes_an_event(api: Api) -> None:
    counts = {"accepted": 1, "repeated": 0, "events": 1, "samples": 0}
    assert post(api, cloudevent()) == counts
    (found,) = api.get("/v2/events", MEMBER)
    assert (found["event_type"], found["generated"]) == ("order.paid", "2026-03-04T05:06:07")
    assert {trait["name"]: trait["value"] for trait in found["traits"]} == {
        "service": "/shop/eu",
        "source": "/shop/eu",
        "subject": "order/7",
        "project_id": "p1",
        "tenant_id": "p1",
        "user_id": "u1",
    }


def test_a_batch_is_stored_once(api: Api) -> None:
    batch = [cloudevent(1), cloudevent(2), cloudevent(1), cloudevent(1, source="/shop/us")]
    kind = "application/cloudevents-batch+json"
    assert post(api, batch, Content_Type=kind) == {
        "accepted": 3, "repeated": 1, "events": 3, "samples": 0,
    }  # fmt: skip
    assert post(api, batch, Content_Type="application/json")["repeated"] == 4
    assert StoredEvent.objects.count() == 3


def test_the_ids_of_one_project_are_not_those_of_another(api: Api) -> None:
    for caller in (STRANGER, MEMBER, ADMIN):
        assert post(api, cloudevent(), caller)["accepted"] == 1
        assert post(api, cloudevent(), caller)["repeated"] == 1
        (found,) = api.get("/v2/events", caller)
        said = {trait["name"]: trait["value"] for trait in found["traits"]}
        assert said["user_id"] == caller["X-User-Id"]


def volume(number: int = 1, **data: Any) -> dict[str, Any]:
    named = {"volume_id": "v-1", "size": 5, "tenant_id": "p9", "user_id": "u9"}
    return cloudevent(number, type="volume.exists", data=named | data)


def test_a_tenant_speaks_for_itself_alone(api: Api) -> None:
    assert post(api, volume())["samples"] == 1
    series = Series.objects.get()
    assert (series.meter, series.resource, series.project, series.user) == (
        "volume.size", "v-1", "p1", "u1",
    )  # fmt: skip
    (found,) = api.get("/v2/events", MEMBER)
    owner = {trait["name"]: trait["value"] for trait in found["traits"]}
    assert (owner["project_id"], owner["tenant_id"], owner["user_id"]) == ("p1", "p1", "u1")
    assert api.get("/v2/events", STRANGER) == []


def test_an_admin_speaks_for_others(api: Api) -> None:
    post(api, volume(), ADMIN)
    series = Series.objects.get()
    assert (series.project, series.user) == ("p9", "u9")


def test_without_a_time_it_is_now(api: Api) -> None:
    given = cloudevent()
    del given["time"], given["subject"], given["data"]
    assert post(api, given)["events"] == 1
    (found,) = api.get("/v2/events", MEMBER)
    assert "subject" not in {trait["name"] for trait in found["traits"]}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "Request is not in valid JSON format"),
        ([1], "Event 1 of the request cannot be taken: it is no JSON object"),
        (
            [cloudevent(), cloudevent(2, specversion="0.3")],
            "Event 2 of the request cannot be taken: its specversion must be '1.0'",
        ),
        (cloudevent(id=""), "it needs id: a text that is not empty"),
        (cloudevent(source=7), "it needs source: a text that is not empty"),
        (cloudevent(type="x" * 256), "its type is longer than 255 characters"),
        (cloudevent(time="soon"), "its time 'soon' is no RFC 3339 time"),
        (cloudevent(time=5), "its time 5 is no RFC 3339 time"),
        (volume(size="much"), "'much'"),
    ],
)
def test_what_cannot_be_taken_stores_nothing(api: Api, content: Any, why: str) -> None:
    status, code, text = fault(api.send("POST", PATH, content, MEMBER, **KIND))
    assert (status, code) == (400, "Client")
    assert why in text
    assert not StoredEvent.objects.exists()
    assert not StoredSample.objects.exists()


def test_other_kinds_are_refused(api: Api) -> None:
    assert api.send("POST", PATH, b"x", MEMBER, Content_Type="text/plain").status_code == 415
    assert api.send("GET", PATH, caller=MEMBER).status_code == 405
    assert fault(api.send("POST", f"{PATH}?a=b", cloudevent(), MEMBER, **KIND))[0] == 400
