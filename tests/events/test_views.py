"""The pages of events: what they show, to whom, and page by page."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from events import pages
from events.storage.writing import record
from meters.pipelines import publish
from tests.events.made import MOMENT, make_event
from tests.factories import make_sample

HOUR = timedelta(hours=1)
LIST = "/metering/events/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root"))
    return client


def store(count: int = 3) -> None:
    with transaction.atomic():
        record(
            [
                make_event(n, f"type.{n % 2}", MOMENT + n * HOUR, resource_id=f"r{n}", size=n)
                for n in range(1, count + 1)
            ]
        )


def shown(client: Client, query: str = "") -> list[int]:
    response = client.get(LIST + query)
    assert response.status_code == 200
    return [event.message_id.int for event, _, _ in response.context["rows"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [3, 2, 1]),
        ("?type=type.1", [3, 1]),
        ("?since=2026-03-04+07:06:07", [3, 2]),
        ("?until=2026-03-04T07:06:07", [2, 1]),
        ("?project=p1", [3, 2, 1]),
        ("?project=p2", []),
        ("?resource=r2", [2]),
        ("?traits=size>integer::1;user_id=u1", [3, 2]),
    ],
)
def test_filters(admin: Client, query: str, found: list[int]) -> None:
    store()
    assert shown(admin, query) == found


def test_a_resource_is_named_by_two_traits(admin: Client) -> None:
    store(1)
    with transaction.atomic():
        record([make_event(9, instance_id="r1")])
    assert sorted(shown(admin, "?resource=r1")) == [1, 9]


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("?since=soon", "Since: Unable to convert the value soon"),
        ("?traits=what", "Traits: &#x27;what&#x27; is no condition"),
        ("?traits=size>integer::x", "Traits: Unable to convert"),
    ],
)
def test_what_cannot_be_asked_is_told(admin: Client, query: str, why: str) -> None:
    store()
    page = admin.get(LIST + query).content.decode()
    assert why in page
    assert "No event matches" in page


def test_pages_lead_to_the_oldest(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE", 2)
    monkeypatch.setattr("events.views.PAGE", 2)
    store(5)
    seen, query = [], "?project=p1"
    while query:
        seen.append(shown(admin, query))
        query = admin.get(LIST + query).context["older"]
    assert seen == [[5, 4], [3, 2], [1]]
    gone = admin.get(LIST + "?after=00000000-0000-0000-0000-0000000000ff")
    assert "not found" in gone.content.decode()


def test_an_empty_store_says_what_to_do(admin: Client) -> None:
    assert "TELEMETRY_NOTIFICATION_URLS" in admin.get(LIST).content.decode()


def test_one_event_shows_traits_and_what_was_said(admin: Client) -> None:
    with transaction.atomic():
        record([make_event(1, raw={"payload": {"x": "<script>"}}, size=8, resource_id="r/1")])
    page = admin.get(f"{LIST}00000000-0000-0000-0000-000000000001/").content.decode()
    assert "&lt;script&gt;" in page
    assert "?resource=r%2F1" in page
    assert ">8<" in page
    assert admin.get(f"{LIST}00000000-0000-0000-0000-000000000009/").status_code == 404


def test_pages_are_for_who_has_signed_in(client: Client) -> None:
    assert client.get(LIST).status_code == 302
    client.force_login(User.objects.create_user("nobody"))
    assert client.get(LIST).status_code == 403


def test_a_resource_leads_to_its_events(admin: Client) -> None:
    publish([make_sample(resource="vm/1")])
    page = admin.get("/metering/resources/vm~2F1/").content.decode()
    assert f"{LIST}?resource=vm%2F1" in page
