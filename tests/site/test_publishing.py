"""From samples and events to receivers that come and go: in order, each parcel until it arrives."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import LazySettings

from events import pipelines as event_pipelines
from meters import pipelines
from meters.models import StoredSample
from meters.publishers.registry import encoded
from telemetry_site import publishing
from telemetry_site.core import clock
from telemetry_site.core.publishers import memory, sending
from telemetry_site.core.publishers.models import Owed, PublisherStanding
from telemetry_site.core.transactions import in_transaction
from tests.events.made import make_event
from tests.factories import make_sample
from tests.receiver import Receiver, receiver
from tests.servers import free_port

pytestmark = pytest.mark.django_db(transaction=True)

FILE = """
sources:
  - {{name: all, {key}: ["*"], sinks: [sink]}}
sinks:
  - {{name: sink, publishers: [{urls}]}}
"""
Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, settings: LazySettings) -> Iterator[Install]:
    """Puts pipelines in use that publish to these addresses."""

    def put(*urls: str, **given: int) -> None:
        quoted = ", ".join(f'"{url}"' for url in urls)
        files = {}
        for name, key in (("PIPELINE_FILE", "meters"), ("EVENT_PIPELINE_FILE", "events")):
            path = tmp_path / f"{key}-{len(list(tmp_path.iterdir()))}.yaml"
            path.write_text(FILE.format(key=key, urls=quoted))
            files[name] = path
        settings.TELEMETRY = {**settings.TELEMETRY, **files, **given}

    yield put
    memory.forget()


def tick(now: datetime | None = None) -> int:
    """What the tick and its tasks do; how many records arrived."""
    claims = publishing.claim(now or clock.now())
    return sum(publishing.send(*one) for one in claims)


def later(seconds: float) -> datetime:
    """After so many seconds."""
    return clock.now() + timedelta(seconds=seconds)


def names(there: Receiver) -> list[list[str]]:
    """The resources of the samples of each request."""
    return [[one["resource_id"] for one in request.json()] for request in there.requests]


def publish(*resources: str) -> None:
    """One delivery of a sample for each resource."""
    pipelines.publish([make_sample(resource=resource) for resource in resources])


def test_the_store_and_two_others_get_the_same(install: Install) -> None:
    with receiver() as there:
        install("database://", there.url(), "test://kept")
        publish("a", "b")
        publish("c")
        assert StoredSample.objects.count() == 3
        assert tick() == 6
        assert names(there) == [["a", "b"], ["c"]]
    assert [one["resource_id"] for one in memory.kept("test://kept")] == ["a", "b", "c"]
    assert Owed.objects.count() == 0


def test_what_is_undone_is_not_owed(install: Install) -> None:
    install("database://", "test://kept")

    def fail() -> None:
        raise ValueError

    with pytest.raises(ValueError):
        pipelines.publish([make_sample()], closing=fail)
    assert Owed.objects.count() == StoredSample.objects.count() == 0


def test_a_receiver_that_is_down_is_owed_in_order(install: Install) -> None:
    port = free_port()
    install("database://", f"http://127.0.0.1:{port}/in?max_retries=0", "test://kept")
    publish("a")
    publish("b")
    tick()
    row = PublisherStanding.objects.get(label__startswith="http")
    assert (row.failures, row.sent, row.lease_until) == (1, 0, None)
    assert "refused" in row.last_error
    assert [one["resource_id"] for one in memory.kept("test://kept")] == ["a", "b"]
    assert StoredSample.objects.count() == 2
    assert tick(later(0.5)) == 0  # it is given a second first
    with receiver(port) as there:
        publish("c")
        tick(later(3))
        assert names(there) == [["a"], ["b"], ["c"]]
    row.refresh_from_db()
    assert (row.failures, row.sent, row.next_try) == (0, 3, None)


def test_a_parcel_keeps_its_id_until_it_has_arrived(install: Install) -> None:
    with receiver() as there:
        there.answers = [500, 200]
        install(there.url())
        publish("a")
        tick()
        tick(later(3))
        first, second = (request.headers["idempotency-key"] for request in there.requests)
    assert UUID(first) == UUID(second)


def test_what_is_refused_for_good_holds_nothing_up(install: Install) -> None:
    with receiver() as there:
        there.answers = [400]
        install(there.url())
        publish("a")
        publish("b", "c")
        assert tick() == 2
    row = PublisherStanding.objects.get()
    assert (row.refused, row.sent, Owed.objects.count()) == (1, 2, 0)
    assert "answered 400" in row.last_error


def test_of_two_that_claim_one_sends(install: Install) -> None:
    install("test://kept")
    publish("a")
    (first,), second = publishing.claim(clock.now()), publishing.claim(clock.now())
    assert second == []
    assert publishing.send(first[0], first[1] - 1) == 0
    assert publishing.send(*first) == 1
    assert publishing.send(*first) == 0


def test_a_lost_task_is_made_up_for(install: Install) -> None:
    install("test://kept")
    publish("a")
    assert len(publishing.claim(clock.now())) == 1  # and its task is lost
    assert tick() == 0
    assert tick(later(sending.PROMISE.total_seconds() + 1)) == 1


def test_past_its_bound_the_oldest_goes(install: Install) -> None:
    size = len(encoded([make_sample(resource="a")]))
    install(f"http://127.0.0.1:{free_port()}/?max_retries=0", OUTBOX_BYTES=2 * size)
    for resource in "abcd":
        publish(resource)
    tick()
    assert [row.count for row in Owed.objects.all()] == [1, 1]
    row = PublisherStanding.objects.get()
    assert (row.dropped, row.full) == (2, False)


def test_or_readers_of_notifications_wait(install: Install) -> None:
    port = free_port()
    install(f"http://127.0.0.1:{port}/?max_retries=0&policy=wait", OUTBOX_BYTES=10)
    publish("a")
    assert publishing.congested() == ""
    tick()
    assert publishing.congested() == f"http://127.0.0.1:{port}/?max_retries=0&policy=wait"
    with receiver(port):
        assert tick(later(3)) == 1
        tick(later(4))
    assert publishing.congested() == ""
    assert PublisherStanding.objects.get().dropped == 0


def test_events_go_the_same_way(install: Install) -> None:
    with receiver() as there:
        install("database://", there.url())
        event = make_event(
            1, event_type="compute.instance.create", host="h", project_id="", user_id=""
        )
        ready = event_pipelines.prepared(event)
        event_pipelines.prepare([ready])
        in_transaction(lambda: event_pipelines.deliver([ready], clock.now()))
        tick()
        (request,) = there.requests
        (found,) = request.json()
    assert (found["message_id"], found["event_type"]) == (str(event.message_id), event.event_type)
    assert found["traits"] == [["host", 1, "h"]]


def test_one_that_nobody_knew_before_is_owed_too(install: Install) -> None:
    install("test://kept")
    publish("a")
    PublisherStanding.objects.all().delete()
    publish("b")
    assert tick() == 1
    assert [one["resource_id"] for one in memory.kept("test://kept")] == ["b"]
