"""Requests that a service's middleware tells about, with values worked out by hand."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from meters.notified.definitions import Definitions
from meters.notified.drafts import Made, Terms, Unusable
from tests.notifications import notification

REQUEST = {
    "HTTP_X_SERVICE_NAME": "nova",
    "HTTP_X_PROJECT_ID": "p-1",
    "HTTP_X_USER_ID": "u-1",
    "PATH_INFO": "/v2/servers",
}


def made(event_type: str, payload: Any) -> Made:
    return Definitions([], Terms()).made_of(notification(event_type, payload))


def told(**changes: Any) -> dict[str, Any]:
    return {"request": REQUEST | changes}


@pytest.mark.parametrize(
    ("event_type", "payload", "unit"),
    [
        ("http.request", told(), "request"),
        ("http.response", told() | {"response": {"status": "200 OK"}}, "response"),
    ],
)
def test_each_is_one_of_the_service_that_was_asked(
    event_type: str, payload: dict[str, Any], unit: str
) -> None:
    found = made(event_type, payload)
    (sample,) = found.samples
    assert (sample.meter, sample.type, sample.unit, sample.volume) == (event_type, "delta", unit, 1)
    assert (sample.resource, sample.project, sample.user) == ("nova", "p-1", "u-1")
    assert (sample.source, sample.timestamp) == (
        "openstack",
        datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
    )
    assert json.loads(sample.metadata) == {
        **payload, "event_type": event_type, "host": "service.host-1",
    }  # fmt: skip
    assert found.places == [event_type]


@pytest.mark.parametrize(
    ("changes", "project", "user"),
    [
        ({"HTTP_X_PROJECT_ID": None}, None, "u-1"),
        ({"HTTP_X_USER_ID": None}, "p-1", None),
        ({"HTTP_X_USER_ID": 7, "HTTP_X_PROJECT_ID": 1.5}, "1.5", "7"),
        ({"HTTP_X_USER_ID": ""}, "p-1", ""),
    ],
)
def test_owners_are_those_of_the_headers_and_never_of_the_context(
    changes: dict[str, Any], project: str | None, user: str | None
) -> None:
    (sample,) = made("http.request", told(**changes)).samples
    assert (sample.project, sample.user) == (project, user)


@pytest.mark.parametrize(
    "payload",
    [
        told(HTTP_X_SERVICE_NAME=None),
        told(HTTP_X_SERVICE_NAME=""),
        {"request": {}},
        {"request": None},
        {"request": ["HTTP_X_SERVICE_NAME"]},
        {},
        None,
        [REQUEST],
        "nova",
    ],
)
def test_without_a_service_it_is_left_out(payload: Any) -> None:
    found = made("http.request", payload)
    assert found.samples == []
    assert [(one.name, one.why) for one in found.dropped] == [
        ("http.request", "it has no resource")
    ]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"HTTP_X_SERVICE_NAME": ["nova"]}, "its resource is no text but"),
        ({"HTTP_X_SERVICE_NAME": True}, "its resource is no text but True"),
        ({"HTTP_X_PROJECT_ID": {"id": "p-1"}}, "its project is no text but"),
        ({"HTTP_X_USER_ID": ["u-1"]}, "its user is no text but"),
        ({"HTTP_X_USER_ID": "u" * 256}, "its user is longer than 255 characters"),
    ],
)
def test_headers_that_are_no_texts_say_so(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(Unusable, match=r"^http\.request \(http\.request\): ") as caught:
        made("http.request", told(**changes))
    assert why in str(caught.value)


@pytest.mark.parametrize("event_type", ["http", "https.request", "a.http.request"])
def test_other_notifications_are_no_requests(event_type: str) -> None:
    assert made(event_type, told()) == Made([], [], [])
