"""Alarms are made and changed in forms, by whoever may."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from alarms import services
from alarms.forms.types import FORMS
from alarms.models import Alarm
from telemetry_site.core import clock
from tests.alarms.sent import MEMBER, created
from tests.members import have_projects

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "/metering/alarms/new/"
BUSY = {
    "name": "busy", "severity": "low", "enabled": "on", "meter_name": "cpu_util",
    "comparison_operator": "gt", "threshold": "80", "save": "",
}  # fmt: skip


@pytest.fixture
def member(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    have_projects(monkeypatch)
    client.force_login(User.objects.create_user("u1@p1"))
    return client


def change_of(alarm: Alarm) -> str:
    return f"/metering/alarms/{alarm.pk}/change/"


def test_it_asks_for_the_type_first(member: Client) -> None:
    page = member.get(NEW).content.decode()
    offered = [kind for kind in FORMS if f"?type={kind}" in page]
    assert offered == [kind for kind in FORMS if kind != "prometheus"]
    member.force_login(User.objects.create_superuser("root"))
    assert "?type=prometheus" in member.get(NEW).content.decode()
    assert "What should it watch?" in member.get(f"{NEW}?type=magic").content.decode()


@pytest.mark.parametrize("kind", FORMS)
def test_a_url_says_what_it_likes(member: Client, kind: str) -> None:
    for name in FORMS[kind].base_fields:
        for said in ("abc", "[1]", "a%00b"):
            assert member.get(f"{NEW}?type={kind}&{name}={said}").status_code == 200


@pytest.mark.parametrize("kind", FORMS)
def test_every_type_has_a_form(member: Client, kind: str) -> None:
    page = member.get(f"{NEW}?type={kind}").content.decode()
    for name in FORMS[kind].rule_names():
        assert f'name="{name}' in page or name in ("alarm_ids", "more_ids")
    assert 'name="project_id"' not in page


def test_it_makes_an_alarm_and_shows_it(member: Client) -> None:
    answer = member.post(f"{NEW}?type=threshold", BUSY, follow=True)
    made = Alarm.objects.get()
    assert answer.redirect_chain == [(f"/metering/alarms/{made.pk}/", 302)]
    assert "It is made." in answer.content.decode()
    assert (made.name, made.project_id) == ("busy", "p1")


def test_what_is_wrong_stands_beside_its_field(member: Client) -> None:
    given = {**BUSY, "threshold": "much", "time_constraints.name": "n"}
    given |= {f"time_constraints.{one}": "" for one in ("start", "duration", "timezone")}
    given["time_constraints.description"] = "keep me"
    page = member.post(f"{NEW}?type=threshold", given).content.decode()
    assert "see beside the fields" in page
    assert 'id="id_time_constraints_error">This is needed.' in page
    assert 'value="keep me"' in page
    assert 'value="much"' in page
    assert not Alarm.objects.exists()


def test_it_tries_before_it_makes(member: Client) -> None:
    given = {name: value for name, value in BUSY.items() if name != "save"}
    answer = member.post(f"{NEW}?type=threshold", {**given, "try": ""})
    page = answer.content.decode()
    assert "How it would have behaved" in page
    assert "never have changed from insufficient data" in page
    assert not Alarm.objects.exists()


def test_it_changes_an_alarm(member: Client) -> None:
    alarm = created(alarm_actions=["http://a/?secret=1"])
    page = member.get(change_of(alarm)).content.decode()
    assert "http://a/?secret=1" in page  # whose form this is
    given: dict[str, Any] = {**BUSY, "seen": alarm.generation, "severity": "critical"}
    member.post(change_of(alarm), given)
    alarm.refresh_from_db()
    assert (alarm.severity, alarm.alarm_actions) == ("critical", [])


def test_it_becomes_one_of_another_type(member: Client) -> None:
    alarm = created()
    assert "?type=event" in member.get(f"{change_of(alarm)}?type=").content.decode()
    page = member.get(f"{change_of(alarm)}?type=event").content.decode()
    assert 'value="busy"' in page
    given = {"name": "busy", "severity": "low", "event_type": "volume.*", "seen": "0"}
    member.post(f"{change_of(alarm)}?type=event", given)
    alarm.refresh_from_db()
    assert (alarm.type, json.loads(alarm.rule)["event_type"]) == ("event", "volume.*")


def test_of_two_who_change_it_the_second_is_asked(member: Client) -> None:
    alarm = created()
    services.set_state(alarm.pk, "ok", MEMBER, clock.now())
    answer = member.post(change_of(alarm), {**BUSY, "seen": "0", "name": "mine"})
    page = answer.content.decode()
    assert "Somebody has changed this alarm" in page
    assert 'name="seen" value="1"' in page
    member.post(change_of(alarm), {**BUSY, "seen": "1", "name": "mine"})
    alarm.refresh_from_db()
    assert (alarm.name, alarm.state) == ("mine", "ok")


def test_a_stranger_finds_nothing_to_change(member: Client) -> None:
    alarm = created()
    member.force_login(User.objects.create_user("u2@p2"))
    assert member.get(change_of(alarm)).status_code == 404
    assert member.post(change_of(alarm), {**BUSY, "seen": "0"}).status_code == 404


def test_forms_are_our_own() -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.create_superuser("root"))
    assert strict.post(f"{NEW}?type=threshold", BUSY).status_code == 403
    assert not Alarm.objects.exists()
