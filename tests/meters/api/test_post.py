"""POST /v2/meters/{name} over HTTP: what is stored and answered, and every refusal's body."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from meters.models import StoredSample
from tests.meters.posted.entries import body, entry
from tests.meters.posted.test_careful import FAULTS

pytestmark = pytest.mark.django_db
ADMIN = {"X-Roles": "admin", "X-User-Id": "root", "X-Project-Id": "p0"}
MEMBER = {"X-Roles": "member", "X-User-Id": "u1", "X-Project-Id": "p1"}


@pytest.fixture(autouse=True)
def _identity_headers_are_believed(settings: Any) -> None:
    settings.TELEMETRY = {**settings.TELEMETRY, "AUTH": "noauth"}


def post(
    client: Client, posted: bytes, path: str = "/v2/meters/ap", **headers: str
) -> HttpResponse:
    return client.post(  # type: ignore[return-value]  # what the client gives has more to it
        path, posted, content_type="application/json", headers={**ADMIN, **headers}
    )


def refusal(status: int, text: str) -> tuple[int, Any]:
    return status, {
        "error_message": {"faultcode": "Client", "faultstring": text, "debuginfo": None}
    }


def told(response: HttpResponse) -> tuple[int, Any]:
    return response.status_code, json.loads(response.content)


def test_it_answers_201_with_what_was_stored(client: Client) -> None:
    posted = entry(
        counter_volume="1.5",
        timestamp="2013-08-01T12:11:00.5+02:00",
        resource_metadata={"nest.name1": "a", "plain": "b"},
    )
    response = post(client, body(posted))
    (answer,) = json.loads(response.content)
    assert response.status_code == 201
    assert response.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert UUID(answer.pop("message_id")).version == 7
    assert answer == {
        "source": "p0:openstack",
        "counter_name": "ap",
        "counter_type": "gauge",
        "counter_unit": "instance",
        "counter_volume": 1.5,
        "user_id": "root",
        "project_id": "p0",
        "resource_id": "r1",
        "timestamp": "2013-08-01T12:11:00.500000+02:00",
        "resource_metadata": {"nest.name1": "a", "plain": "b"},
    }


def test_what_was_posted_reads_back_in_utc(client: Client) -> None:
    sent = entry(timestamp="2013-08-01T12:11:00+02:00", resource_metadata={"a.b.c": "d"})
    (answer,) = json.loads(post(client, body(sent)).content)
    (read,) = client.get("/v2/meters/ap", headers=ADMIN).json()
    assert read["timestamp"] == "2013-08-01T10:11:00"
    assert read["resource_metadata"] == {"a.b:c": "d"}
    same = ("message_id", "source", "counter_volume", "user_id", "project_id", "resource_id")
    assert {name: read[name] for name in same} == {name: answer[name] for name in same}


def test_both_values_of_keys_in_each_others_way_read_back(client: Client) -> None:
    post(client, body(entry(resource_metadata={"a": "1", "a.b": "2", "c.d": "3", "c.d.e": "4"})))
    (read,) = client.get("/v2/meters/ap", headers=ADMIN).json()
    assert read["resource_metadata"] == {"a": "1", "a.b": "2", "c.d": "3", "c.d:e": "4"}


def test_equal_times_read_back_in_the_order_of_the_list(client: Client) -> None:
    same = [entry(resource_id=f"r{n}", timestamp="2013-08-01T10:11:00") for n in (3, 1, 2)]
    post(client, body(*same))
    read = client.get("/v2/meters/ap", headers=ADMIN).json()
    assert [sample["resource_id"] for sample in read] == ["r3", "r1", "r2"]


@pytest.mark.parametrize(("posted", "text"), FAULTS)
def test_a_bad_list_gets_400_and_the_words_of_the_contract(
    client: Client, posted: bytes, text: str
) -> None:
    assert told(post(client, posted)) == refusal(400, text)
    assert not StoredSample.objects.exists()


@pytest.mark.parametrize("direct", ["True", "false", "", "whatever"])
def test_direct_makes_no_difference(client: Client, direct: str) -> None:
    assert post(client, body(entry()), f"/v2/meters/ap?direct={direct}").status_code == 201
    assert StoredSample.objects.count() == 1


def test_an_unknown_parameter_is_refused(client: Client) -> None:
    found = told(post(client, body(entry()), "/v2/meters/ap?x=1"))
    assert found == refusal(400, 'Unknown argument: "x"')


def test_a_member_cannot_post_to_another_project(client: Client) -> None:
    found = told(post(client, body(entry(project_id="p2")), **MEMBER))
    assert found == refusal(
        400,
        "Invalid input for field/attribute project_id. Value: 'p2'. "
        "can not post samples to other projects",
    )
    assert post(client, body(entry()), **MEMBER).status_code == 201


def test_without_a_project_the_source_says_so(client: Client) -> None:
    response = client.post("/v2/meters/ap", body(entry()), content_type="application/json")
    (answer,) = json.loads(response.content)
    assert (answer["source"], answer["project_id"]) == ("None:openstack", None)


@pytest.mark.parametrize("name", ["X-Project-Id", "X-User-Id"])
def test_a_header_that_is_too_long_is_refused(client: Client, name: str) -> None:
    assert post(client, body(entry()), **{name: "p" * 3000}).status_code == 400


def test_another_type_of_body_is_refused(client: Client) -> None:
    response = client.post("/v2/meters/ap", "x", content_type="text/plain", headers=ADMIN)
    assert response.status_code == 415
    assert response.json()["error_message"]["faultstring"] == "Unknown mimetype: text/plain"


def test_a_body_over_the_limit_is_refused(client: Client, settings: Any) -> None:
    posted = body(entry())
    settings.TELEMETRY = {**settings.TELEMETRY, "MAX_BODY": len(posted) - 1}
    assert post(client, posted).status_code == 413
    settings.TELEMETRY = {**settings.TELEMETRY, "MAX_BODY": len(posted)}
    assert post(client, posted).status_code == 201


def test_a_key_makes_a_second_post_a_no_op(client: Client) -> None:
    first = post(client, body(entry()), **{"Idempotency-Key": "k1"})
    again = post(client, body(entry()), **{"Idempotency-Key": "k1"})
    assert (again.status_code, again.content) == (201, first.content)
    assert StoredSample.objects.count() == 1


def test_a_key_with_another_body_is_refused(client: Client) -> None:
    post(client, body(entry()), **{"Idempotency-Key": "k1"})
    found = told(post(client, body(entry(counter_volume=2)), **{"Idempotency-Key": "k1"}))
    assert found == refusal(422, "This Idempotency-Key was used before with another request body")


def test_an_odd_key_is_refused(client: Client) -> None:
    assert post(client, body(entry()), **{"Idempotency-Key": "x" * 256}).status_code == 400
