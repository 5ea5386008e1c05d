"""Our own numbers, on rows made by hand."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import LazySettings

from pollsters.models import PollJob
from telemetry_site.core.messaging.models import QueueStanding, RejectedMessage
from telemetry_site.core.pipeline.models import PipelineStanding
from telemetry_site.core.publishers.models import Owed, PublisherStanding
from telemetry_site.observation import exposition
from tests.alarms.owed import make_delivery
from tests.factories import MOMENT

pytestmark = pytest.mark.django_db

QUIET = dict.fromkeys(
    (f"telemetry_actions_{one}" for one in ("waiting", "failed", "lag_seconds")), 0
)


def numbers() -> dict[str, float]:
    lines = exposition(MOMENT).decode().splitlines()
    pairs = [line.rsplit(" ", 1) for line in lines if not line.startswith("#")]
    return {name: float(value) for name, value in pairs}


def job(source: str, due: int, ok: int | None, **named: int | bool) -> None:
    """A row that is due, and last brought samples, so many seconds from the moment."""
    last_ok = None if ok is None else MOMENT + timedelta(seconds=ok)
    next_due = MOMENT + timedelta(seconds=due)
    PollJob.objects.create(source=source, interval=60, next_due=next_due, last_ok=last_ok, **named)


def test_it_says_how_the_sources_are_doing() -> None:
    job("host", due=20, ok=-40)
    job("slow", due=-90, ok=None, failures=2)
    assert numbers() == {
        "telemetry_series": 0,
        "telemetry_rejected_messages": 0,
        'telemetry_poll_age_seconds{source="host"}': 40,
        'telemetry_poll_late_seconds{source="host"}': 0,
        'telemetry_poll_late_seconds{source="slow"}': 90,
        'telemetry_poll_failures{source="host"}': 0,
        'telemetry_poll_failures{source="slow"}': 2,
        **QUIET,
    }


def test_it_is_silent_about_what_is_switched_off() -> None:
    job("off", due=-90, ok=-90, enabled=False)
    assert numbers() == {"telemetry_series": 0, "telemetry_rejected_messages": 0, **QUIET}


def standing(queue: str, state: str, **counts: int) -> None:
    seen = MOMENT - timedelta(seconds=4)
    QueueStanding.objects.create(
        bus="mq:5672/", queue=queue, state=state, seen_at=seen, began_at=seen, **counts
    )


def test_it_says_how_the_queues_are_doing(settings: LazySettings) -> None:
    urls, priorities = ("amqp://nova:hidden@mq:5672/",), ("info", "error")
    settings.TELEMETRY = {
        **settings.TELEMETRY,
        "NOTIFICATION_URLS": urls,
        "NOTIFICATION_PRIORITIES": priorities,
    }
    counts = {"waiting": 7, "consumers": 2, "received": 50, "repeated": 3, "rejected": 1}
    standing("notifications.info", "consuming", **counts)
    standing("notifications.error", "waiting")
    standing("notifications.gone", "consuming")
    RejectedMessage.objects.create(received_at=MOMENT, queue="q", part="store", size=0)
    found = numbers()
    info, error = (f'{{bus="mq:5672/",queue="notifications.{one}"}}' for one in priorities)
    assert found["telemetry_rejected_messages"] == 1
    assert {name: value for name, value in found.items() if "notifications" in name} == {
        f"telemetry_notifications_waiting{info}": 7,
        f"telemetry_notifications_waiting{error}": 0,
        f"telemetry_notifications_consumers{info}": 2,
        f"telemetry_notifications_consumers{error}": 0,
        f"telemetry_notifications_received_total{info}": 50,
        f"telemetry_notifications_received_total{error}": 0,
        f"telemetry_notifications_repeated_total{info}": 3,
        f"telemetry_notifications_repeated_total{error}": 0,
        f"telemetry_notifications_rejected_total{info}": 1,
        f"telemetry_notifications_rejected_total{error}": 0,
        f"telemetry_notifications_read{info}": 1,
        f"telemetry_notifications_read{error}": 0,
        f"telemetry_notifications_silence_seconds{info}": 4,
        f"telemetry_notifications_silence_seconds{error}": 4,
    }


def test_it_says_how_pipelines_and_publishers_are_doing() -> None:
    PipelineStanding.objects.create(
        kind="samples", role="sink", name="s", total=7, unusable=2, minute=MOMENT, last_at=MOMENT
    )
    row = PublisherStanding.objects.create(
        key=b"k", kind="samples", label="http://h/", failures=3, sent=5, refused=1, dropped=4
    )
    for ago in (90, 30):
        Owed.objects.create(
            publisher=row, parcel=UUID(int=ago), count=2, size=100, body=b"",
            made_at=MOMENT - timedelta(seconds=ago),
        )  # fmt: skip
    place = '{kind="samples",name="s",role="sink"}'
    to = '{kind="samples",publisher="http://h/"}'
    assert {name: value for name, value in numbers().items() if "p" in name.split("_")[1]} == {
        f"telemetry_pipeline_records_total{place}": 7,
        f"telemetry_pipeline_unusable_total{place}": 2,
        f"telemetry_publisher_owed{to}": 4,
        f"telemetry_publisher_owed_bytes{to}": 200,
        f"telemetry_publisher_lag_seconds{to}": 90,
        f"telemetry_publisher_failures{to}": 3,
        f"telemetry_publisher_sent_total{to}": 5,
        f"telemetry_publisher_refused_total{to}": 1,
        f"telemetry_publisher_dropped_total{to}": 4,
    }


def test_it_says_how_actions_are_doing() -> None:
    for ago in (90, 30):
        make_delivery(made_at=MOMENT - timedelta(seconds=ago))
    make_delivery(status="failed")
    make_delivery(status="arrived", made_at=MOMENT - timedelta(days=1))
    found = numbers()
    assert {name: found[name] for name in QUIET} == {
        "telemetry_actions_waiting": 2,
        "telemetry_actions_failed": 1,
        "telemetry_actions_lag_seconds": 90,
    }
