"""The status page."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from pollsters.models import PollJob
from telemetry_site.core import clock
from telemetry_site.core.messaging.models import QueueStanding, RejectedMessage
from tests.alarms.owed import make_delivery

pytestmark = pytest.mark.django_db
PAGE = "/metering/status/"


@pytest.fixture
def admin_client(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("admin"))
    return client


def make_job(**values: Any) -> PollJob:
    due = clock.now() + timedelta(seconds=30)
    return PollJob.objects.create(**{"source": "host", "interval": 60, "next_due": due, **values})


def test_it_sends_a_visitor_to_the_login(client: Client) -> None:
    answer = client.get(PAGE)
    assert answer.status_code == 302
    assert f"next={PAGE}" in answer["Location"]


def test_it_refuses_a_stranger(client: Client) -> None:
    client.force_login(User.objects.create_user("stranger"))
    assert client.get(PAGE).status_code == 403


def test_it_says_what_to_do_before_the_first_poll(admin_client: Client) -> None:
    text = admin_client.get(PAGE).content.decode()
    assert "Nothing has been polled yet" in text


def test_it_shows_each_source_and_how_it_is_doing(admin_client: Client) -> None:
    make_job(last_error="Reading disks failed: <b>.", last_ok=clock.now(), missed=7)
    make_job(source="nodes", enabled=False)
    text = admin_client.get(PAGE).content.decode()
    assert "Working, but not everything could be read" in text
    assert "Reading disks failed: &lt;b&gt;." in text
    assert ">7</td>" in text
    assert "Switched off" in text


def test_it_takes_as_many_queries_for_many_sources_as_for_one(
    admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_job(source=f"s{number}")
    with django_assert_max_num_queries(9):
        admin_client.get(PAGE)


def test_it_shows_what_is_wrong_with_the_plan(
    admin_client: Client, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "plan.yaml").write_text("sources:\n  - name: a")
    settings.TELEMETRY = {**settings.TELEMETRY, "POLLING_FILE": tmp_path / "plan.yaml"}
    text = admin_client.get(PAGE).content.decode()
    assert "plan.yaml, line 2: Missing interval value: a source needs one." in text


URLS = ("amqp://nova:s3cret@mq:5672/",)


@pytest.fixture
def reading(settings: Any) -> None:
    settings.TELEMETRY = {
        **settings.TELEMETRY,
        "NOTIFICATION_URLS": URLS,
        "NOTIFICATION_PRIORITIES": ("info", "error"),
    }


def test_it_says_how_to_have_notifications_read(admin_client: Client) -> None:
    assert "TELEMETRY_NOTIFICATION_URLS" in admin_client.get(PAGE).content.decode()


@pytest.mark.usefixtures("reading")
def test_it_shows_each_queue_without_the_password(admin_client: Client) -> None:
    QueueStanding.objects.create(
        bus="mq:5672/", queue="notifications.info", state="consuming", durable=False,
        waiting=1_234, received=77_000, seen_at=clock.now(), began_at=clock.now(),
    )  # fmt: skip
    text = admin_client.get(PAGE).content.decode()
    assert "1,234" in text
    assert "77,000" in text
    assert "What it holds is lost when RabbitMQ restarts" in text
    assert "Not read yet: is the consumer running?" in text
    assert text.count("mq:5672/") == 1
    assert "s3cret" not in text


@pytest.mark.usefixtures("reading")
def test_it_counts_what_could_not_be_processed(admin_client: Client) -> None:
    RejectedMessage.objects.create(received_at=clock.now(), queue="q", part="store", size=0)
    assert "1 could not be processed" in admin_client.get(PAGE).content.decode()


def test_it_speaks_of_actions_that_wait_or_have_failed(admin_client: Client) -> None:
    assert "Actions of alarms" not in admin_client.get(PAGE).content.decode()
    make_delivery("https://h/?s3cret", made_at=clock.now() - timedelta(minutes=5))
    make_delivery(status="failed")
    text = admin_client.get(PAGE).content.decode()
    assert "Behind" in text
    assert "1 wait, the oldest made <time" in text
    assert "1 failed for good." in text
    assert "s3cret" not in text
