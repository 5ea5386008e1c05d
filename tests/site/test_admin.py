"""The admin: what failed is shown, taken in again, or dropped; and how the store stands."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils.html import strip_tags

from events.ingest import definitions as event_definitions
from events.models import StoredEvent
from events.selection import EventQuery
from events.storage import reading
from events.storage.writing import prepare, record
from meters.ingest import definitions as meter_definitions
from meters.models import StoredSample
from meters.pipelines import publish
from telemetry_site.core.messaging.delivery import Delivery
from telemetry_site.core.messaging.models import RejectedMessage
from telemetry_site.core.transactions import in_transaction
from telemetry_site.ingest import Taken, ingest
from tests.events.made import make_event
from tests.factories import MOMENT, make_sample
from tests.notifications import wire

# Partitions are made in transactions of their own.
pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/metering/admin/core/rejectedmessage/"
STORE = "/metering/admin/meters/storestate/"
HOUR = timedelta(hours=1)
QUEUE = "notifications.info"
EVENTS = "- {{event_type: oven.*, traits: {{heat: {{fields: payload.heat, type: {kind}}}}}}}\n"
METERS = """
metric:
  - {{name: oven.heat, type: gauge, unit: C, event_type: oven.baked, volume: payload.{field},
      resource_id: payload.oven}}
"""
PAYLOAD = {"heat": "medium", "degrees": 180, "oven": "o-1"}

Define = Callable[..., None]


@pytest.fixture
def define(tmp_path: Path, settings: LazySettings) -> Iterator[Define]:
    """Writes the definitions of this installation; they count from the next message on."""
    events, meters = tmp_path / "events.yaml", tmp_path / "meters.yaml"
    settings.TELEMETRY = {
        **settings.TELEMETRY,
        "EVENT_DEFINITIONS": (events,),
        "METER_DEFINITIONS": (meters,),
    }

    def write(kind: str = "text", field: str = "degrees") -> None:
        events.write_text(EVENTS.format(kind=kind))
        meters.write_text(METERS.format(field=field))
        event_definitions.cache_clear()
        meter_definitions.cache_clear()

    yield write
    event_definitions.cache_clear()
    meter_definitions.cache_clear()


@pytest.fixture
def admin_client(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root"))
    return client


def take_in(body: Any = None) -> Taken:
    said = wire("oven.baked", PAYLOAD) if body is None else body
    content = said if isinstance(said, bytes) else json.dumps(said).encode()
    return ingest([Delivery(content, QUEUE)])


def act(client: Client, action: str, **more: str) -> str:
    """What the page says after an action on all that is there."""
    chosen = list(RejectedMessage.objects.values_list("pk", flat=True))
    posted = {"action": action, "_selected_action": chosen, **more}
    return client.post(LIST, posted, follow=True).content.decode()


def stored() -> tuple[int, int, int]:
    """How many samples, events and rejected messages there are."""
    return (
        StoredSample.objects.count(),
        StoredEvent.objects.count(),
        RejectedMessage.objects.count(),
    )


@pytest.mark.parametrize(
    ("cause", "before", "reason"),
    [
        ({"kind": "int"}, (1, 0, 1), "cannot be the integer heat"),
        ({"field": "heat"}, (0, 1, 1), "medium"),
        ({"kind": "int", "field": "heat"}, (0, 0, 2), "medium"),
    ],
)
def test_what_failed_is_taken_in_once_its_cause_is_gone(
    define: Define,
    admin_client: Client,
    cause: dict[str, str],
    before: tuple[int, int, int],
    reason: str,
) -> None:
    define(**cause)
    assert take_in() == Taken(1, 0, 1)
    assert stored() == before
    assert reason in admin_client.get(LIST).content.decode()
    assert reason in act(admin_client, "replay")
    assert stored() == before
    define()
    assert f"{before[2]} taken in." in act(admin_client, "replay")
    assert stored() == (1, 1, 0)
    (event,) = reading.events(EventQuery())
    assert {trait.name: trait.value for trait in event.traits}["heat"] == "medium"
    assert StoredSample.objects.get().volume == 180
    assert take_in() == Taken(0, 1, 0)


def test_it_lists_what_failed_where_and_why(define: Define, admin_client: Client) -> None:
    define(kind="int")
    take_in()
    take_in(b"{")
    page = admin_client.get(LIST).content.decode()
    for word in ("oven.baked", "decoding", "cannot be the integer heat"):
        assert word in page
    page = admin_client.get(f"{LIST}?part__exact=decoding").content.decode()
    assert "1 rejected message" in page
    assert "1 rejected message" in admin_client.get(f"{LIST}?q=oven").content.decode()


def test_it_shows_the_body_and_lets_nobody_change_it(define: Define, admin_client: Client) -> None:
    define(kind="int")
    take_in()
    row = RejectedMessage.objects.get()
    page = admin_client.get(f"{LIST}{row.pk}/change/").content.decode()
    assert "&quot;degrees&quot;: 180" in page
    assert admin_client.post(f"{LIST}{row.pk}/change/", {"reason": "x"}).status_code == 403
    assert admin_client.get(f"{LIST}add/").status_code == 403


def test_it_drops_what_is_chosen(admin_client: Client) -> None:
    take_in(b"{")
    take_in(b"[]")
    assert "Are you sure" in act(admin_client, "delete_selected")
    assert "Successfully deleted 2" in act(admin_client, "delete_selected", post="yes")
    assert stored() == (0, 0, 0)


def test_only_who_may_delete_may_replay(client: Client) -> None:
    take_in(b"{")
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_rejectedmessage"))
    client.force_login(viewer)
    assert "Replay" not in client.get(LIST).content.decode()
    act(client, "replay")
    assert stored() == (0, 0, 1)


def test_the_store_shows_how_samples_and_events_stand(admin_client: Client) -> None:
    empty = admin_client.get(STORE).content.decode()
    assert "Events: none." in empty
    publish([make_sample(float(n), MOMENT + n * HOUR) for n in range(30)])
    events = [make_event(n, generated=MOMENT + n * HOUR) for n in (1, 2)]
    prepare(events)
    in_transaction(lambda: record(events))
    page = admin_client.get(STORE).content.decode()
    text = " ".join(strip_tags(page).split())
    assert "30 hours wait for the roll-up, the first of 2026-03-01 12:00." in text
    assert "Events: the oldest of 2026-03-01 13:00, the newest of 2026-03-01 14:00." in text
    for table in ("samples", "rollups of hours", "events"):
        assert f'<th scope="row">{table}</th>' in page
    assert admin_client.get(f"{STORE}add/").status_code == 403
