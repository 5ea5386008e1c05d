"""The admin of the polling ledger."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from pollsters.models import PollJob
from telemetry_site.core import clock

pytestmark = pytest.mark.django_db
LIST = "/metering/admin/pollsters/polljob/"


@pytest.fixture
def job() -> PollJob:
    return PollJob.objects.create(
        source="host", interval=60, next_due=clock.now() + timedelta(seconds=50)
    )


@pytest.fixture
def admin_client(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("admin"))
    return client


def test_it_lists_the_sources(admin_client: Client, job: PollJob) -> None:
    assert "host" in admin_client.get(LIST).content.decode()


def test_it_runs_a_source_now(admin_client: Client, job: PollJob) -> None:
    chosen = {"action": "run_now", "_selected_action": [job.pk]}
    text = admin_client.post(LIST, chosen, follow=True).content.decode()
    assert "1 of 1 will be polled now." in text
    job.refresh_from_db()
    assert job.next_due <= clock.now()


def test_it_switches_a_source_off_and_changes_nothing_else(
    admin_client: Client, job: PollJob
) -> None:
    admin_client.post(f"{LIST}{job.pk}/change/", {"interval": 5, "source": "x"})
    job.refresh_from_db()
    assert (job.enabled, job.interval, job.source) == (False, 60, "host")


def test_it_lets_nobody_add_a_source(admin_client: Client) -> None:
    assert admin_client.get(f"{LIST}add/").status_code == 403
