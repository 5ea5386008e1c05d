"""Every wake-up is lost: the ticks alone come to the same end."""

import json
from datetime import timedelta
from ipaddress import ip_network
from uuid import UUID

import pytest
from django.conf import LazySettings

from alarms import receivers, sending, tasks, watching
from alarms.models import Alarm, AlarmChange, Delivery, Hit
from meters.pipelines import publish
from telemetry_site.core import clock
from telemetry_site.core.messaging.delivery import Delivery as Message
from telemetry_site.ingest import ingest
from tests.alarms.made import make_alarm, make_event_alarm
from tests.factories import make_sample
from tests.notifications import wire
from tests.receiver import receiver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _lost(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    """No wake-up arrives, and nobody fires event alarms after the commit."""
    watching.forget()
    settings.TELEMETRY = {**settings.TELEMETRY, "ACTION_ALLOW": (ip_network("127.0.0.0/8"),)}
    monkeypatch.setattr(tasks.send_actions, "delay", lambda: None)
    monkeypatch.setattr(receivers, "_fire", lambda: None)


def test_a_tick_of_each_kind_makes_up_for_them() -> None:
    publish([make_sample(80.0, clock.now() - timedelta(seconds=65))])
    payload = {"tenant_id": "p1", "volume_id": "v1", "display_name": "data", "size": 8}
    said = wire("volume.delete.start", payload, message_id=str(UUID(int=1)))
    with receiver() as there:
        make_alarm(name="hot", alarm_actions=[there.url()])
        make_event_alarm(name="gone", alarm_actions=[there.url()])
        ingest([Message(json.dumps(said).encode(), "notifications.info")])
        assert Hit.objects.count() == 1
        for tick in (tasks.evaluation_round, tasks.fire_event_alarms, tasks.send_actions):
            tick()
        assert sending.settle(30)
        told = sorted((one.json()["alarm_name"], one.json()["current"]) for one in there.requests)
    assert told == [("gone", "alarm"), ("hot", "alarm")]
    assert set(Alarm.objects.values_list("state", flat=True)) == {"alarm"}
    assert set(Delivery.objects.values_list("status", flat=True)) == {"arrived"}
    assert AlarmChange.objects.count() == 2
    assert not Hit.objects.exists()


def test_ticks_that_come_twice_do_no_harm() -> None:
    publish([make_sample(80.0, clock.now() - timedelta(seconds=65))])
    with receiver() as there:
        make_alarm(alarm_actions=[there.url()])
        for _ in range(2):
            for tick in (tasks.evaluation_round, tasks.fire_event_alarms, tasks.send_actions):
                tick()
            assert sending.settle(30)
        assert len(there.requests) == 1
