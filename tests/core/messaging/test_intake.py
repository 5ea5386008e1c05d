"""Batches are taken in, however long the database is away."""

import logging
from collections.abc import Callable, Sequence
from threading import Event, Thread
from typing import NamedTuple

import pytest
from django.db import InterfaceError, OperationalError

from telemetry_site.core.messaging import intake
from telemetry_site.core.messaging.batches import Batch
from telemetry_site.core.messaging.board import Board
from telemetry_site.core.messaging.delivery import Delivery
from telemetry_site.core.messaging.intake import Intake
from telemetry_site.core.messaging.models import QueueStanding

pytestmark = pytest.mark.django_db(transaction=True)


class Outcome(NamedTuple):
    repeated: int = 1
    rejected: int = 2


class Origin:
    """What a batch comes from, without a connection."""

    queue = "t.info"

    def __init__(self) -> None:
        self.lost = False
        self.finished: list[Batch] = []

    def finish(self, batch: Batch) -> None:
        self.finished.append(batch)

    def batch(self, *bodies: bytes) -> Batch:
        return Batch(self, len(bodies), [Delivery(body, self.queue) for body in bodies])


class Door:
    """Takes batches in, but for as many times as it is told to raise."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.tried: list[list[bytes]] = []
        self.when_tried: Callable[[], object] = lambda: None

    def take(self, deliveries: Sequence[Delivery]) -> Outcome:
        self.tried.append([delivery.body for delivery in deliveries])
        self.when_tried()
        if self.errors:
            raise self.errors.pop(0)
        return Outcome()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "FIRST_PAUSE", 0.01)


def run(door: Door, *batches: Batch, stop: Event | None = None) -> None:
    """In a thread of its own, as it always does."""
    board = Board("mq:5672/", [Origin.queue])
    made = Intake(door.take, board, stop or Event())
    for batch in (*batches, None):
        made.give(batch)
    thread = Thread(target=made.run)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()


def test_batches_are_taken_in_one_after_the_other_and_counted() -> None:
    origin, door = Origin(), Door()
    batches = [origin.batch(b"a", b"b"), origin.batch(b"c")]
    run(door, *batches)
    assert door.tried == [[b"a", b"b"], [b"c"]]
    assert origin.finished == batches
    row = QueueStanding.objects.get()
    assert (row.received, row.repeated, row.rejected) == (2, 1, 2)


def test_a_batch_is_held_while_the_database_is_away(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "telemetry_site")
    origin = Origin()
    door = Door(OperationalError("no\nroute"), InterfaceError("closed"), OperationalError("no"))
    run(door, origin.batch(b"a"), origin.batch(b"b"))
    assert door.tried == [[b"a"]] * 4 + [[b"b"]]
    assert len(origin.finished) == 2
    assert [record.message for record in caplog.records] == [
        "The database is away, 1 messages wait: no route",
        "1 messages that waited are stored.",
    ]


def test_what_comes_again_anyway_is_not_held() -> None:
    origin, door = Origin(), Door(*[OperationalError("no")] * 100)

    def lose() -> None:
        origin.lost = True

    door.when_tried = lose
    run(door, origin.batch(b"a"), origin.batch(b"b"))
    assert door.tried == [[b"a"]]
    assert origin.finished == []


def test_it_stops_also_while_the_database_is_away() -> None:
    stop, origin, door = Event(), Origin(), Door(*[OperationalError("no")] * 100)
    door.when_tried = stop.set
    run(door, origin.batch(b"a"), stop=stop)
    assert origin.finished == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_any_other_error_ends_it() -> None:
    origin, door = Origin(), Door(ValueError("a fault of ours"))
    run(door, origin.batch(b"a"), origin.batch(b"b"))
    assert door.tried == [[b"a"]]
    assert origin.finished == []
