"""The admin of actions and silences."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from alarms import silences
from alarms.models import Delivery
from telemetry_site.core import clock
from telemetry_site.core.identity.caller import ADMIN
from tests.alarms.owed import make_delivery, reread
from tests.factories import MOMENT

pytestmark = pytest.mark.django_db

DELIVERIES = "/metering/admin/alarms/delivery/"
SILENCES = "/metering/admin/alarms/silence/"


@pytest.fixture
def admin_client(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("admin"))
    return client


def test_it_lists_actions_without_what_is_secret(admin_client: Client) -> None:
    row = make_delivery("https://u:s3cret@h/?Signature=s3cret", status=Delivery.FAILED)
    make_delivery(status=Delivery.ARRIVED, alarm_name="another")
    for path in (f"{DELIVERIES}?status=failed", f"{DELIVERIES}{row.pk}/change/"):
        text = admin_client.get(path).content.decode()
        assert "https://h/?…" in text
        assert "s3cret" not in text
        assert "another" not in text


def test_it_tries_again_what_has_failed(admin_client: Client) -> None:
    rows = [make_delivery(status=status) for status in (Delivery.FAILED, Delivery.ARRIVED)]
    chosen = {"action": "try_again", "_selected_action": [row.pk for row in rows]}
    text = admin_client.post(DELIVERIES, chosen, follow=True).content.decode()
    assert "1 of 2 will be tried again within a second." in text
    assert [reread(row).status for row in rows] == [Delivery.WAITING, Delivery.ARRIVED]


def test_it_ends_silences(admin_client: Client) -> None:
    end = clock.now() + timedelta(hours=1)
    silence = silences.create(ADMIN, MOMENT, end, "patching", name_pattern="*")
    assert "patching" in admin_client.get(SILENCES).content.decode()
    chosen = {"action": "end_now", "_selected_action": [silence.pk]}
    text = admin_client.post(SILENCES, chosen, follow=True).content.decode()
    assert "1 silences ended." in text
    assert silences.active(ADMIN, clock.now()) == []


@pytest.mark.parametrize("path", [DELIVERIES, SILENCES])
def test_it_lets_nobody_add_or_change(admin_client: Client, path: str) -> None:
    assert admin_client.get(f"{path}add/").status_code == 403
