"""Events as they are taken in, until their alarms have fired."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from alarms import hits, waking, watching
from alarms.models import Alarm, Delivery, Hit
from events import pipelines
from telemetry_site.core.messaging.delivery import Delivery as Message
from telemetry_site.ingest import ingest
from tests.alarms.made import make_event_alarm
from tests.events.made import make_event
from tests.notifications import wire

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ACTION = "http://a.example/"


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often a worker was woken."""
    watching.forget()
    found: list[int] = []
    monkeypatch.setattr(waking, "wake", lambda send: found.append(1))
    return found


def message(number: int = 1, **payload: Any) -> Message:
    given = {"tenant_id": "p1", "volume_id": "v1", "display_name": "data", "size": 8, **payload}
    said = wire("volume.delete.start", given, message_id=str(UUID(int=number)))
    return Message(json.dumps(said).encode(), "notifications.info")


def state(alarm: Alarm) -> str:
    alarm.refresh_from_db()
    return alarm.state


def test_an_alarm_fires_when_its_notification_is_taken_in(woken: list[int]) -> None:
    query = [{"field": "traits.display_name", "op": "eq", "value": "data", "type": "string"}]
    alarm = make_event_alarm("volume.delete.*", query, alarm_actions=[ACTION])
    other = make_event_alarm("volume.delete.*", project_id="p2")
    ingest([message()])
    assert (state(alarm), state(other)) == ("alarm", "insufficient data")
    assert not Hit.objects.exists()
    assert woken == [1]
    told = json.loads(Delivery.objects.get().body)["reason_data"]["event"]
    assert told["message_id"] == str(UUID(int=1))
    assert ["display_name", 1, "data"] in told["traits"]


def test_what_comes_again_fires_nothing() -> None:
    make_event_alarm(alarm_actions=[ACTION], repeat_actions=True)
    ingest([message(1), message(2)])
    ingest([message(1), message(2)])
    assert Delivery.objects.count() == 2


def test_nobody_is_woken_for_nothing(woken: list[int]) -> None:
    make_event_alarm("image.*", alarm_actions=[ACTION])
    ingest([message()])
    assert woken == []


def test_a_batch_that_is_taken_back_fires_nothing() -> None:
    alarm = make_event_alarm(alarm_actions=[ACTION])
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        pipelines.deliver([pipelines.prepared(make_event())], NOW)
        raise ZeroDivisionError
    assert state(alarm) == "insufficient data"
    assert not Hit.objects.exists()


def test_what_fails_after_the_commit_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    alarm = make_event_alarm(alarm_actions=[ACTION])

    def dies() -> None:
        raise OSError("the process is gone")

    with monkeypatch.context() as patch:
        patch.setattr(hits, "work_off", dies)
        ingest([message()])
    assert (state(alarm), Hit.objects.count()) == ("insufficient data", 1)
    hits.work_off()
    assert (state(alarm), Hit.objects.count()) == ("alarm", 0)
