"""The page of one alarm, and what can be done there."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from alarms import services
from alarms.models import Alarm, AlarmChange, Delivery, Silence
from meters.pipelines import publish
from telemetry_site.core import clock
from tests.alarms.made import make_alarm
from tests.alarms.owed import make_delivery
from tests.alarms.sent import ADMIN, MEMBER, created
from tests.factories import make_sample
from tests.members import have_projects

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "https://u:pass@a.example/x?Signature=abc"
DEEDS: dict[str, dict[str, str]] = {
    "state": {"state": "ok"},
    "enabled": {"enabled": "no"},
    "silence": {"lasting": "3600", "reason": "moving"},
    "again": {"delivery": "1"},
    "delete": {},
}


@pytest.fixture
def member(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    have_projects(monkeypatch)
    client.force_login(User.objects.create_user("u1@p1"))
    return client


def path_of(alarm: Alarm, deed: str = "") -> str:
    return f"/metering/alarms/{alarm.pk}/" + (f"{deed}/" if deed else "")


def text(client: Client, alarm: Alarm, query: str = "") -> str:
    answer = client.get(path_of(alarm) + query)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def do(client: Client, alarm: Alarm, deed: str, given: Mapping[str, str]) -> list[str]:
    """What the page says after a deed."""
    answer = client.post(path_of(alarm, deed), given, follow=True)
    assert answer.redirect_chain
    return [str(one) for one in answer.context["messages"]]


def test_it_shows_what_it_watches_and_how_it_stands(member: Client) -> None:
    now = clock.now()
    publish([make_sample(90.0, now - timedelta(minutes=n)) for n in range(1, 5)])
    alarm = created(severity="critical", alarm_actions=[SECRET], hold_rounds=2, no_data="keep")
    page = text(member, alarm)
    assert "The average of cpu_util is above 80 over 1 minute, where project_id is p1." in page
    assert "data-threshold" in page
    assert '"threshold": 80.0' in page
    assert "https://a.example/x?…" in page.replace("<wbr>", "")
    assert "Signature" not in page
    assert "2 rounds" in page
    assert "creation" in page


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("event", {"event_type": "volume.*", "query": []}),
        ("combination", {"operator": "and", "alarm_ids": ["a", "b"]}),
        ("prometheus", {"query": "up", "comparison_operator": "gt", "threshold": 1.0}),
        ("composite", {"or": [{"type": "prometheus", "query": "up", "threshold": 1.0,
                               "comparison_operator": "gt"}]}),
    ],
)  # fmt: skip
def test_every_type_has_its_page(member: Client, kind: str, rule: dict[str, Any]) -> None:
    alarm = make_alarm(rule, type=kind, name="<i>")
    assert "&lt;i&gt;" in text(member, alarm)
    assert ("Ask Prometheus" in text(member, alarm)) == (kind in ("composite", "prometheus"))
    text(member, alarm, "?prometheus=yes")


def test_its_state_is_set_by_hand(member: Client) -> None:
    alarm = created()
    assert do(member, alarm, "state", {"state": "ok"}) == [
        "The state is ok now. No action is run for that."
    ]
    alarm.refresh_from_db()
    assert alarm.state == "ok"
    assert "Manually set via API" in text(member, alarm)
    assert do(member, alarm, "state", {"state": "fine"}) == ["state invalid"]


def test_it_is_switched_off_and_on_and_stays_the_same(member: Client) -> None:
    alarm = created(alarm_actions=["http://a/"], severity="critical")
    services.set_state(alarm.pk, "alarm", MEMBER, clock.now())
    assert do(member, alarm, "enabled", {"enabled": "no"}) == ["It is not evaluated any more."]
    alarm.refresh_from_db()
    assert (alarm.enabled, alarm.state, alarm.severity) == (False, "alarm", "critical")
    assert alarm.alarm_actions == ["http://a/"]
    last = AlarmChange.objects.filter(alarm_id=alarm.pk).order_by("pk").last()
    assert last
    assert last.detail == '{"enabled":false}'
    assert "It is off" in text(member, alarm)
    do(member, alarm, "enabled", {"enabled": "yes"})
    alarm.refresh_from_db()
    assert alarm.enabled


def test_it_is_silenced(member: Client) -> None:
    alarm = created()
    (said,) = do(member, alarm, "silence", DEEDS["silence"])
    assert said.startswith("Its actions are not run until")
    made = Silence.objects.get()
    assert (made.alarm_id, made.owner, made.reason) == (alarm.pk, "p1", "moving")
    assert "Silenced until" in text(member, alarm)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"lasting": "3600", "reason": ""}, "A silence needs a reason."),
        ({"lasting": "60", "reason": "x"}, "Select a valid choice"),
        ({"until": "2020-01-01", "reason": "x"}, "an end that is still to come"),
        ({"until": "soon", "reason": "x"}, "Write a time as"),
    ],
)
def test_it_says_why_it_is_not_silenced(member: Client, given: dict[str, str], why: str) -> None:
    (said,) = do(member, created(), "silence", given)
    assert why in said
    assert not Silence.objects.exists()


def test_what_failed_is_tried_again(member: Client) -> None:
    alarm = created()
    change = AlarmChange.objects.get()
    row = make_delivery(SECRET, alarm_id=alarm.pk, change=change.event_id, status="failed")
    page = text(member, alarm)
    assert "Try https://a.example/x?… again" in page
    do(member, alarm, "again", {"delivery": str(row.pk)})
    row.refresh_from_db()
    assert row.status == Delivery.WAITING
    assert do(member, alarm, "again", {"delivery": str(row.pk)}) == ["It has not failed any more."]
    assert do(member, alarm, "again", {"delivery": "x"}) == ["It has not failed any more."]


def test_what_another_alarm_owes_is_not_tried(member: Client) -> None:
    alarm = created()
    row = make_delivery(alarm_id="another", project_id="p2", status="failed")
    do(member, alarm, "again", {"delivery": str(row.pk)})
    row.refresh_from_db()
    assert row.status == Delivery.FAILED


def test_it_is_deleted_after_a_question(member: Client) -> None:
    alarm = created(name="old")
    page = member.get(path_of(alarm, "delete")).content.decode()
    assert "Delete old?" in page
    assert Alarm.objects.exists()
    answer = member.post(path_of(alarm, "delete"), follow=True)
    assert answer.redirect_chain == [("/metering/alarms/", 302)]
    assert "old is deleted" in answer.content.decode()
    assert not Alarm.objects.exists()
    assert member.get(path_of(alarm)).status_code == 404


@pytest.mark.parametrize("deed", DEEDS)
def test_a_stranger_can_do_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    have_projects(monkeypatch)
    alarm = created()
    row = make_delivery(alarm_id=alarm.pk, status="failed")
    before = Alarm.objects.values().get()
    client.force_login(User.objects.create_user("u2@p2"))
    assert client.get(path_of(alarm)).status_code == 404
    given = {**DEEDS[deed], "delivery": str(row.pk)}
    answer = client.post(path_of(alarm, deed), given)
    assert answer.status_code == 404
    assert Alarm.objects.values().get() == before
    assert not Silence.objects.exists()
    assert Delivery.objects.get().status == Delivery.FAILED


@pytest.mark.parametrize("deed", DEEDS)
def test_deeds_are_posts_of_our_own_forms(deed: str) -> None:
    alarm = created()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.create_superuser("root"))
    assert strict.post(path_of(alarm, deed), DEEDS[deed]).status_code == 403
    if deed != "delete":
        assert strict.get(path_of(alarm, deed)).status_code == 405


def test_one_who_may_not_is_told(member: Client) -> None:
    """A member may not keep what an admin has put there: the action is for admins."""
    alarm = created(ADMIN, project_id="p1", user_id="u1", alarm_actions=["log://"])
    (said,) = do(member, alarm, "enabled", {"enabled": "no"})
    assert said == "You are not authorized to create action: log://"


@pytest.mark.parametrize("alarm_id", ["none", "a%00b"])
def test_what_is_not_there_is_not_found(member: Client, alarm_id: str) -> None:
    assert member.get(f"/metering/alarms/{alarm_id}/").status_code == 404
    for deed, given in DEEDS.items():
        assert member.post(f"/metering/alarms/{alarm_id}/{deed}/", given).status_code == 404


def test_strange_parameters_are_no_harm(member: Client) -> None:
    alarm = created()
    for query in ("?after=a%00b", "?days=%00", "?after=" + "x" * 500):
        assert "not found" in text(member, alarm, query) or "days" in query
    assert do(member, alarm, "again", {"delivery": "9" * 60}) == ["It has not failed any more."]
    assert do(member, alarm, "silence", {"lasting": "3600", "reason": "a\0b"}) == [
        "Null characters are not allowed."
    ]
