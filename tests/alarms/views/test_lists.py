"""The lists of alarms and of their history, as an account sees them."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from alarms import lists, services, silences
from alarms.models import AlarmChange
from telemetry_site.core import clock
from tests.alarms.made import MADE, make_alarm
from tests.alarms.sent import ADMIN, MEMBER, created
from tests.factories import MOMENT
from tests.members import have_projects

pytestmark = pytest.mark.django_db

LIST = "/metering/alarms/"
HISTORY = "/metering/alarms/history/"
HOUR = timedelta(hours=1)


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.fixture
def stranger(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    have_projects(monkeypatch)
    client.force_login(User.objects.create_user("u2@p2"))
    return client


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def names(client: Client, query: str = "") -> list[str]:
    return [alarm.name for alarm, _ in client.get(LIST + query).context["rows"]]


def test_the_newest_state_comes_first_and_sorting_is_by_choice(admin: Client) -> None:
    for number, severity in enumerate(("low", "critical", "moderate")):
        make_alarm(name=f"a{number}", severity=severity, state_timestamp=MADE + (number % 2) * HOUR)
    assert names(admin)[0] == "a1"
    assert names(admin, "?sort=name") == ["a0", "a1", "a2"]
    assert names(admin, "?sort=-severity") == ["a1", "a2", "a0"]


def test_states_are_counted_and_lead_to_the_filter(admin: Client) -> None:
    make_alarm(state="alarm", name="one")
    make_alarm(state="ok", name="other", severity="critical")
    page = text(admin, f"{LIST}?state=alarm&severity=low&after=")
    assert 'aria-label="1 in all"' in page
    assert 'href="?state=insufficient+data&amp;severity=low"' in page
    assert names(admin, "?state=alarm") == ["one"]


def test_a_silence_is_shown_with_its_end_and_reason(admin: Client) -> None:
    created()
    now = clock.now()
    silences.create(ADMIN, now, now + 2 * HOUR, "disks are moved", name_pattern="b*")
    page = text(admin, LIST)
    assert "Silenced, ends" in page
    assert "disks are moved" in page


def test_pages_lead_to_the_last(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PAGE", 2)
    for number in range(3):
        make_alarm(name=f"a{number}")
    first = admin.get(f"{LIST}?sort=name").context["part"]
    assert names(admin, first.older) == ["a2"]
    assert "Newest" in text(admin, LIST + first.older)
    assert "Marker gone not found" in text(admin, f"{LIST}?after=gone")


def test_it_says_how_to_begin_and_what_does_not_match(admin: Client) -> None:
    assert "There are no alarms yet" in text(admin, LIST)
    assert "Nothing has happened yet" in text(admin, HISTORY)
    created()
    assert "No alarm matches" in text(admin, f"{LIST}?name=nothing")
    assert "No change matches" in text(admin, f"{HISTORY}?state=alarm")
    assert "State: Select a valid choice" in text(admin, f"{LIST}?state=fine")


def test_a_stranger_sees_its_own(stranger: Client) -> None:
    created(name="of p1")
    make_alarm(name="of p2", project_id="p2")
    assert names(stranger) == ["of p2"]
    assert names(stranger, "?project=p1") == ["of p2"]
    assert stranger.get(LIST).context["tallies"][0].size == 1
    assert stranger.get(HISTORY).context["lines"] == []


def test_the_history_has_deleted_alarms_too(admin: Client) -> None:
    alarm = created(name="old", alarm_actions=["https://u:pass@a.example/?Signature=x"])
    services.delete(alarm.pk, MEMBER, MOMENT + HOUR)
    page = text(admin, HISTORY)
    assert page.count("deleted</span>") == 2
    assert f"?alarm={alarm.pk}" in page
    assert "pass@" not in page
    assert "Signature" not in page
    assert admin.get(f"{HISTORY}?type=deletion").context["lines"][0].name == "old"


@pytest.mark.parametrize("path", [LIST, HISTORY])
def test_pages_are_for_who_has_signed_in(client: Client, path: str) -> None:
    assert client.get(path)["Location"] == f"/metering/login/?next={path}"
    client.force_login(User.objects.create_user("nobody"))
    assert client.get(path).status_code == 403
    assert client.post(path).status_code == 405


@pytest.mark.parametrize(("path", "most"), [(LIST, 8), (HISTORY, 6)])
def test_it_takes_a_fixed_number_of_statements(
    admin: Client, django_assert_max_num_queries: Any, path: str, most: int
) -> None:
    for number in range(30):
        alarm = make_alarm(name=f"a{number}")
        AlarmChange.objects.create(
            event_id=f"{number}", alarm_id=alarm.pk, type="creation", detail="{}", severity="low",
            timestamp=MOMENT, on_behalf_of="p1",
        )  # fmt: skip
    with django_assert_max_num_queries(most):
        admin.get(path)
