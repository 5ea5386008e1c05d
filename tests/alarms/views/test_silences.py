"""The page of silences."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from alarms import silences
from alarms.models import Silence
from telemetry_site.core import clock
from tests.alarms.made import make_alarm
from tests.alarms.sent import ADMIN
from tests.members import have_projects

pytestmark = pytest.mark.django_db

PAGE = "/metering/alarms/silences/"
HOUR = timedelta(hours=1)


@pytest.fixture
def member(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    have_projects(monkeypatch)
    client.force_login(User.objects.create_user("u1@p1"))
    return client


def test_it_makes_one_and_shows_it(member: Client) -> None:
    assert "No alarm is silenced." in member.get(PAGE).content.decode()
    given = {"name_pattern": "web-*", "lasting": "14400", "reason": "moving"}
    page = member.post(PAGE, given, follow=True).content.decode()
    assert "The silence begins now." in page
    assert "web-*" in page
    assert Silence.objects.get().owner == "p1"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"lasting": "3600", "reason": "x"}, "needs an alarm, a project or a pattern"),
        ({"name_pattern": "*", "lasting": "3600", "reason": ""}, "needs a reason"),
        ({"alarm_id": "none", "lasting": "3600", "reason": "x"}, "Alarm none Not Found"),
        ({"project_id": "p2", "lasting": "3600", "reason": "x"}, "Not Authorized"),
        ({"name_pattern": "*", "until": "soon", "reason": "x"}, "Write a time as"),
    ],
)
def test_it_says_what_is_wrong(member: Client, given: dict[str, str], why: str) -> None:
    answer = member.post(PAGE, given)
    assert answer.status_code == 200
    assert why in answer.content.decode()
    assert not Silence.objects.exists()


def test_it_ends_one_early(member: Client) -> None:
    member.post(PAGE, {"name_pattern": "*", "lasting": "3600", "reason": "x"})
    made = Silence.objects.get()
    page = member.post(f"{PAGE}{made.pk}/end/", follow=True).content.decode()
    assert "The silence has ended." in page
    assert "No alarm is silenced." in page


def test_an_admins_is_seen_and_not_ended(member: Client) -> None:
    make_alarm(name="web")
    now = clock.now()
    wide = silences.create(ADMIN, now, now + HOUR, "for all", name_pattern="w*")
    silences.create(ADMIN, now, now + HOUR, "of p2", project_id="p2")
    page = member.get(PAGE).content.decode()
    assert "for all" in page
    assert "of p2" not in page
    assert "End now" not in page
    assert member.post(f"{PAGE}{wide.pk}/end/").status_code == 404
    assert Silence.objects.filter(ends_at__gt=clock.now()).count() == 2


@pytest.mark.parametrize("silence_id", ["none", "a%00b"])
def test_what_is_not_there_is_not_found(member: Client, silence_id: str) -> None:
    assert member.post(f"{PAGE}{silence_id}/end/").status_code == 404


def test_pages_are_for_who_has_signed_in(client: Client) -> None:
    assert client.get(PAGE).status_code == 302
    client.force_login(User.objects.create_user("nobody"))
    assert client.get(PAGE).status_code == 403
    assert client.get(f"{PAGE}x/end/").status_code == 405
