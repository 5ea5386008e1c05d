"""The demo cloud on its way into the store."""

from datetime import UTC, datetime

import pytest

from events.models import StoredEvent
from meters import queries
from meters.pipelines import publish
from meters.selection import SampleQuery
from telemetry_site.core.identity.caller import ADMIN
from telemetry_site.demo import filling
from telemetry_site.demo.filling import Filled, ForeignSamples, fill, refuse_foreign, tell
from telemetry_site.demo.fleet import OFFICE, SMALL, Group
from telemetry_site.demo.notifications import notifications
from telemetry_site.demo.stream import Owned, Plan, Stream
from tests.factories import make_sample

pytestmark = pytest.mark.django_db

PLAN = Plan.until(datetime(2026, 3, 1, tzinfo=UTC), seed="1", step=3600, days=1)
OWNED = Owned("r", "p", None, b"{}")


def stream(steps: range = PLAN.steps) -> Stream:
    return Stream("m", "gauge", "B", OWNED, 3600, steps, lambda steps: [1.0] * len(steps))


def test_it_stores_in_batches_and_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "AT_ONCE", 10)
    seen: list[Filled] = []
    assert fill([stream()], seen.append) == Filled(stored=24, sent=24)
    assert [filled.sent for filled in seen] == [10, 20, 24]
    assert len(list(queries.samples(SampleQuery(), ADMIN))) == 24


def test_a_second_time_stores_nothing() -> None:
    fill([stream(PLAN.steps[:20])], lambda _: None)
    assert fill([stream()], lambda _: None) == Filled(stored=4, sent=24)
    assert fill([stream()], lambda _: None) == Filled(stored=0, sent=24)


def test_an_empty_store_and_its_own_samples_are_welcome() -> None:
    refuse_foreign("host-1")
    fill([stream()], lambda _: None)
    refuse_foreign("host-1")


def test_samples_of_this_machine_are_welcome() -> None:
    for resource in ("host-1", "host-1.sda"):
        publish([make_sample(meter="host.uptime", resource=resource, project=None, user=None)])
    refuse_foreign("host-1")


def test_samples_of_others_are_not() -> None:
    publish([make_sample(meter="cpu")])
    with pytest.raises(ForeignSamples, match="The store holds other samples, of cpu for one"):
        refuse_foreign("host-1")


def test_events_are_stored_in_batches_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "AT_ONCE", 10)
    now = datetime(2026, 3, 1, tzinfo=UTC)
    group = Group("p", "u", "stays", 3, SMALL, OFFICE, 1, 1)
    week = Plan.until(datetime(2026, 2, 28, 23, tzinfo=UTC), seed="1", step=3600, days=7)
    # Three instances at seven midnights.
    assert tell(notifications(week, (group,)), now) == Filled(stored=21, sent=21)
    assert tell(notifications(week, (group,)), now) == Filled(stored=0, sent=21)
    assert StoredEvent.objects.count() == 21
    assert len(list(queries.samples(SampleQuery(), ADMIN))) == 0
