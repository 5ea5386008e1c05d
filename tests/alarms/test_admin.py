"""The admin of alarms and quotas, of actions and silences."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from alarms import quotas, services, silences
from alarms.models import AlarmChange, Delivery, Quota
from telemetry_site.core import clock
from telemetry_site.core.identity.caller import ADMIN
from tests.alarms import sent
from tests.alarms.owed import make_delivery, reread
from tests.factories import MOMENT

pytestmark = pytest.mark.django_db

DELIVERIES = "/metering/admin/alarms/delivery/"
SILENCES = "/metering/admin/alarms/silence/"
ALARMS = "/metering/admin/alarms/alarm/"
CHANGES = "/metering/admin/alarms/alarmchange/"
QUOTAS = "/metering/admin/alarms/quota/"


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


def test_it_shows_alarms_and_lets_nobody_change_or_delete_them(admin_client: Client) -> None:
    alarm = sent.created(severity="critical")
    text = admin_client.get(f"{ALARMS}?severity=critical&q=busy").content.decode()
    assert "busy" in text
    path = f"{ALARMS}{alarm.alarm_id}"
    assert "cpu_util" in admin_client.get(f"{path}/change/").content.decode()
    assert admin_client.post(f"{path}/change/", {"name": "x"}).status_code == 403
    assert admin_client.get(f"{path}/delete/").status_code == 403


def test_it_shows_the_history_of_what_is_gone(admin_client: Client) -> None:
    alarm = sent.created()
    services.delete(alarm.alarm_id, sent.MEMBER, MOMENT)
    text = admin_client.get(f"{CHANGES}?q={alarm.alarm_id}").content.decode()
    assert "creation" in text
    assert "deletion" in text
    line = AlarmChange.objects.get(type="deletion")
    text = admin_client.get(f"{CHANGES}{line.pk}/change/").content.decode()
    assert "&quot;name&quot;: &quot;busy&quot;" in text
    assert admin_client.get(f"{CHANGES}{line.pk}/delete/").status_code == 403


def test_it_sets_quotas(admin_client: Client) -> None:
    given = {"project_id": "p1", "resource": "alarms", "limit": "3"}
    assert admin_client.post(f"{QUOTAS}add/", given).status_code == 302
    assert quotas.limit("p1") == 3
    again = admin_client.post(f"{QUOTAS}add/", given).content.decode()
    assert "already exists" in again
    row = Quota.objects.get()
    assert "3" in admin_client.get(QUOTAS).content.decode()
    for limit, status in (("-1", 302), ("-2", 200)):
        changed = admin_client.post(f"{QUOTAS}{row.pk}/change/", {**given, "limit": limit})
        assert changed.status_code == status
    assert quotas.limit("p1") == -1


@pytest.mark.parametrize("path", [DELIVERIES, SILENCES, ALARMS, CHANGES])
def test_it_lets_nobody_add_or_change(admin_client: Client, path: str) -> None:
    assert admin_client.get(f"{path}add/").status_code == 403
