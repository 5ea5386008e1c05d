"""A worker that dies, or is overtaken, before each of its statements in turn."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Thread
from uuid import UUID

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connections

from alarms import hits, rounds, watching
from alarms.models import Alarm, AlarmChange, Delivery, EvaluationRound, EventAlarms, Hit
from events.models import StoredEvent
from meters.pipelines import publish
from telemetry_site.core.messaging.delivery import Delivery as Message
from telemetry_site.core.messaging.models import Receipt
from telemetry_site.ingest import ingest
from tests.alarms.made import make_alarm, make_event_alarm
from tests.factories import make_sample
from tests.notifications import wire
from tests.stopping import Stoppable, killed_at

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(seconds=61)  # when the lease of a round that began at noon has ended
ACTION = "http://a.example/"
ALARMS = 5


@pytest.fixture(autouse=True)
def _noon(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Rounds of ten minutes, in slices of two alarms, so that a late worker finds the same one."""
    settings.TELEMETRY = {**settings.TELEMETRY, "EVALUATION_INTERVAL": 600}
    monkeypatch.setattr(rounds, "SLICE", 2)
    with time_machine.travel(NOON, tick=False):
        yield


def begin() -> None:
    """Alarms that will all change, and repeat their actions."""
    for table in (Alarm, AlarmChange, Delivery, EvaluationRound):
        table.objects.all().delete()
    for number in range(ALARMS):
        make_alarm(name=f"{number}", repeat_actions=True, alarm_actions=[ACTION])


def check() -> None:
    """Each has changed once, and asked for its action once."""
    assert set(Alarm.objects.values_list("state", flat=True)) == {"alarm"}
    changed = sorted(AlarmChange.objects.values_list("alarm_id", flat=True))
    assert changed == sorted(Alarm.objects.values_list("pk", flat=True))
    acted = sorted(Delivery.objects.values_list("alarm_id", "change"))
    assert acted == sorted(AlarmChange.objects.values_list("alarm_id", "event_id"))


def first_at_noon() -> object:
    return rounds.run(NOON)


def test_whoever_is_killed_has_done_each_slice_once_or_not_at_all() -> None:
    publish([make_sample(80.0, NOON - timedelta(seconds=30))])
    for number in count():
        begin()
        killed = killed_at(first_at_noon, number)
        rounds.run(NOON)  # nothing, unless it was killed before it had the lease
        with time_machine.travel(LATER, tick=False):
            rounds.run(LATER)
        check()
        if not killed:
            break
    assert number > 20


@pytest.mark.postgres
def test_whoever_is_overtaken_writes_nothing_more() -> None:
    publish([make_sample(80.0, NOON - timedelta(seconds=30))])
    for number in count():
        begin()
        slow = Stoppable(first_at_noon, number)
        stopped = slow.start()
        if stopped:
            other = Thread(target=overtake)
            other.start()
            other.join(0.3)  # it may have to wait for a row that the slow one has written
            slow.finish()
            other.join()
        check()
        if not stopped:
            break
    assert number > 20


def overtake() -> None:
    """Go on with the round as soon as that is possible."""
    try:
        with time_machine.travel(LATER, tick=False):
            while EvaluationRound.objects.filter(finished_at=None).exists():
                rounds.run(LATER)
    finally:
        connections.close_all()


def message(number: int) -> Message:
    payload = {"tenant_id": "p1", "volume_id": "v1", "display_name": "data", "size": 8}
    said = wire("volume.delete.start", payload, message_id=str(UUID(int=number)))
    return Message(json.dumps(said).encode(), "notifications.info")


def test_an_event_fires_its_alarm_once_wherever_its_worker_is_killed() -> None:
    ingest([message(1000)])  # types and partitions are there
    for number in count():
        for table in (Alarm, AlarmChange, Delivery, Hit, EventAlarms):
            table.objects.all().delete()
        StoredEvent.objects.filter(message_id=UUID(int=1)).delete()
        Receipt.objects.filter(message_id=UUID(int=1)).delete()
        watching.forget()
        make_event_alarm(alarm_actions=[ACTION], repeat_actions=True)
        killed = killed_at(lambda: ingest([message(1)]), number)
        ingest([message(1)])  # it comes again, since nobody has acknowledged it
        hits.work_off()
        assert StoredEvent.objects.filter(message_id=UUID(int=1)).count() == 1
        assert Delivery.objects.count() == AlarmChange.objects.count() == 1
        assert not Hit.objects.exists()
        if not killed:
            break
    assert number > 8
