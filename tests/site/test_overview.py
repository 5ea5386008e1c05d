"""The first page."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client

from alarms import services
from meters.pipelines import publish
from telemetry_site.core import clock
from tests.alarms.made import make_alarm
from tests.alarms.sent import ADMIN
from tests.factories import make_sample

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/metering/"


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("admin"))
    return client


def test_it_sends_a_visitor_to_the_login(client: Client) -> None:
    assert client.get(PAGE)["Location"] == "/metering/login/?next=/metering/"


def test_it_refuses_a_stranger(client: Client) -> None:
    client.force_login(User.objects.create_user("charlie"))
    assert client.get(PAGE).status_code == 403


def test_it_says_how_to_begin(admin: Client) -> None:
    assert "manage.py send_sample" in admin.get(PAGE).content.decode()


def test_it_counts_what_is_stored_and_what_came_lately(admin: Client) -> None:
    now = clock.now()
    publish(
        [
            make_sample(timestamp=now - timedelta(minutes=1)),
            make_sample(timestamp=now - timedelta(minutes=2)),
            make_sample(timestamp=now - timedelta(hours=2), resource="vm-2", project="p2"),
            make_sample(timestamp=now - timedelta(minutes=3), meter="cpu", project=None),
        ]
    )
    context = admin.get(PAGE).context
    assert context["stock"] == {"series": 3, "meters": 2, "resources": 2, "projects": 2}
    assert context["recent"] == 3
    assert [(row["meter"], row["samples"]) for row in context["busiest"]] == [
        ("cpu_util", 2),
        ("cpu", 1),
    ]
    assert [sample.timestamp for sample in context["newest"]] == [
        now - timedelta(minutes=minutes) for minutes in (1, 2, 3, 120)
    ]


def test_it_says_when_nothing_comes_in_any_more(admin: Client) -> None:
    publish([make_sample(timestamp=clock.now() - timedelta(hours=2))])
    assert "Nothing has come in during the last hour" in admin.get(PAGE).content.decode()


def test_it_takes_a_fixed_number_of_statements(
    admin: Client, django_assert_max_num_queries: Any
) -> None:
    now = clock.now()
    publish([make_sample(timestamp=now, resource=f"vm-{n}", meter=f"m{n}") for n in range(200)])
    for number in range(30):
        alarm = make_alarm(name=f"a{number}")
        services.set_state(alarm.pk, "ok", ADMIN, now)
    with django_assert_max_num_queries(12):
        admin.get(PAGE)


def test_it_says_how_alarms_stand(admin: Client) -> None:
    assert "There are none yet" in admin.get(PAGE).content.decode()
    publish([make_sample()])
    services.set_state(make_alarm(name="hot").pk, "alarm", ADMIN, clock.now())
    page = admin.get(PAGE).content.decode()
    assert 'href="/metering/alarms/?state=alarm" aria-label="1 in the state alarm"' in page
    assert "Manually set via API" in page


def test_it_says_nothing_of_alarms_to_who_may_not_see_them(
    admin: Client, settings: LazySettings, tmp_path: Path
) -> None:
    file = tmp_path / "policy.json"
    file.write_text(json.dumps({"context_is_admin": "role:admin", "telemetry:get_alarms": "!"}))
    settings.TELEMETRY = {**settings.TELEMETRY, "POLICY_FILE": file}
    assert admin.get(PAGE).context["alarms"] is None
