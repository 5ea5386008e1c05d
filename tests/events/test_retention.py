"""Events go by whole days, never inside their time to live; their names go with the last."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import transaction

from events import retention
from events.models import EventType, StoredEvent
from events.selection import EventQuery
from events.storage import reading
from events.storage.writing import prepare, record
from events.tasks import expire, make_partitions
from telemetry_site.core import clock
from tests.events.made import make_event

DAY = timedelta(days=1)

# Partitions are made in transactions of their own.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now(settings: LazySettings) -> datetime:
    settings.TELEMETRY = {**settings.TELEMETRY, "EVENT_TTL": 10 * DAY}
    return clock.now()


def store(now: datetime, *days: int) -> None:
    events = [make_event(1000 + n, f"type.{n}", now - n * DAY) for n in days]
    prepare(events)
    with transaction.atomic():
        record(events)


def left() -> list[int]:
    return [event.message_id.int - 1000 for event in reading.events(EventQuery())]


def told(*words: str) -> str:
    out = StringIO()
    call_command("expire_events", *words, stdout=out)
    return out.getvalue()


def test_what_is_past_its_time_goes_with_its_names(now: datetime) -> None:
    store(now, 900, 40, 11, 10, 9, 0)  # 900: before the days that have partitions
    assert "went" in told("--dry-run") or "would go" in told("--dry-run")
    assert left() == [900, 40, 11, 10, 9, 0]
    expire()
    assert left() == [10, 9, 0]
    names = set(EventType.objects.values_list("name", flat=True))
    assert names == {"type.10", "type.9", "type.0"}
    assert retention.expire(now) == retention.preview(now)
    assert "0 rows went" in told()


def test_everything_is_kept_without_a_setting(now: datetime, settings: LazySettings) -> None:
    settings.TELEMETRY = {**settings.TELEMETRY, "EVENT_TTL": None}
    store(now, 900, 0)
    expire()
    assert StoredEvent.objects.count() == 2
    assert "for ever" in told()


def test_days_ahead_are_made(now: datetime) -> None:
    make_partitions()
    store(now, 0)
    assert left() == [0]
