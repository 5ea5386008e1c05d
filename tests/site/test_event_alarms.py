"""The whole program tells of an event as soon as it is stored."""

import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests import house
from tests.aodh import by_headers, hang_up
from tests.receiver import receiver
from tests.waiting import until

pytestmark = pytest.mark.process

HEADERS = {
    "Content-Type": "application/cloudevents+json", "X-Roles": "member", "X-Project-Id": "p1",
    "X-User-Id": "u1",
}  # fmt: skip
# No round comes in this time.
SETTINGS = {"AUTH": "noauth", "EVALUATION_INTERVAL": "3600", "ACTION_ALLOW": "127.0.0.0/8"}


def event(number: int, kind: str = "shop.order.failed") -> bytes:
    said = {"specversion": "1.0", "id": f"{number}", "source": "/shop", "type": kind, "data": {}}
    return json.dumps(said).encode()


def post(address: str, body: bytes) -> None:
    request = urllib.request.Request(f"{address}v2/cloudevents", body, HEADERS)  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        assert answer.status == 202


def test_an_event_alarm_calls_without_a_round(tmp_path: Path) -> None:
    with house.running(tmp_path, **SETTINGS) as running, receiver() as there:
        client = by_headers(running.address.rstrip("/"), "u1", "p1", "member").library
        alarm: dict[str, Any] = {
            "name": "failed", "type": "event", "event_rule": {"event_type": "shop.order.*"},
            "alarm_actions": [there.url()], "repeat_actions": True,
        }  # fmt: skip
        client.alarm.create(alarm)
        hang_up(client)
        for number in range(5):
            post(running.address, event(number, "shop.order.paid" if number else "else"))
            until(lambda n=number: len(there.requests) == n, "the action is called")  # type: ignore[misc]
        ids = [one.json()["reason_data"]["event"]["message_id"] for one in there.requests]
        assert len(set(ids)) == 4
        post(running.address, event(4, "shop.order.paid"))  # it is known already
        post(running.address, event(5, "shop.order.paid"))
        until(lambda: len(there.requests) == 5, "the next one is called")
