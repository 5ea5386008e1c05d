"""Batches of messages are taken in once, whole; what fails is kept and hides nothing."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DataError, OperationalError

from events.models import StoredEvent
from events.storage import writing
from meters import ingest as meters
from meters.models import StoredSample
from meters.notified.drafts import Made
from telemetry_site import conversion
from telemetry_site import ingest as module
from telemetry_site.core.messaging import attempts
from telemetry_site.core.messaging.delivery import Delivery
from telemetry_site.core.messaging.models import Attempt, Receipt, RejectedMessage
from telemetry_site.core.messaging.notification import Notification
from telemetry_site.ingest import Taken, ingest
from telemetry_site.replay import StillRejected, replay

NOW = datetime(2026, 3, 4, 6, tzinfo=UTC)
QUEUE = "notifications.info"

pytestmark = pytest.mark.django_db


def volume(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A volume of so many GiB exists."""
    payload = {"volume_id": f"v-{number}", "size": number, "tenant_id": "p", "user_id": "u"}
    return {
        "message_id": str(UUID(int=number)),
        "publisher_id": "volume.host-1",
        "event_type": "volume.exists",
        "priority": "INFO",
        "payload": payload | changes,
        "timestamp": "2026-03-04 05:06:07",
    }


def delivered(content: Any, **changes: Any) -> Delivery:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Delivery(body, QUEUE, "info")._replace(**changes)


def volumes() -> list[float]:
    return sorted(sample.volume or 0 for sample in StoredSample.objects.all())


def stored() -> tuple[int, int, int]:
    """How many samples, events and rejected messages there are."""
    return (
        StoredSample.objects.count(),
        StoredEvent.objects.count(),
        RejectedMessage.objects.count(),
    )


def test_a_batch_becomes_samples_and_events() -> None:
    assert ingest([delivered(volume(n)) for n in (1, 2, 3)]) == Taken(3, 0, 0)
    assert volumes() == [1, 2, 3]
    assert stored() == (3, 3, 0)


def test_what_comes_again_is_taken_once() -> None:
    twice = [delivered(volume(1)), delivered(volume(2)), delivered(volume(1))]
    assert ingest(twice) == Taken(2, 1, 0)
    assert ingest([*twice, delivered(volume(3))]) == Taken(1, 3, 0)
    assert volumes() == [1, 2, 3]
    assert Receipt.objects.count() == 3


@pytest.mark.parametrize(
    ("body", "why"), [(b"{", "cannot be read"), (b"{}", "no message_id"), (b"\xff", "cannot")]
)
def test_poison_is_kept_with_its_reason(body: bytes, why: str) -> None:
    batch = [delivered(volume(n)) for n in range(1, 500)]
    batch.insert(250, delivered(body))
    assert ingest(batch) == Taken(500, 0, 1)
    assert stored() == (499, 499, 1)
    row = RejectedMessage.objects.get()
    assert (row.part, row.queue, bytes(row.body)) == ("decoding", QUEUE, body)
    assert why in row.reason
    assert ingest([delivered(body)]) == Taken(0, 1, 0)


def test_a_half_that_fails_leaves_the_other() -> None:
    bad_event = volume(1, created_at="soon")
    bad_samples = volume(2, size="much")
    assert ingest([delivered(bad_event), delivered(bad_samples)]) == Taken(2, 0, 2)
    assert volumes() == [1]
    assert [e.pk for e in StoredEvent.objects.all()] == []
    parts = RejectedMessage.objects.order_by("pk").values_list("part", "event_type", "message_id")
    assert sorted(parts) == [
        ("event", "volume.exists", str(UUID(int=1))),
        ("event", "volume.exists", str(UUID(int=2))),
        ("samples", "volume.exists", str(UUID(int=2))),
    ]


def test_an_error_of_ours_is_kept_too_and_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    samples_from = meters.from_notification

    def broken(said: Notification) -> Made:
        if said.id == UUID(int=2):
            raise ZeroDivisionError("nobody thought of it")
        return samples_from(said)

    monkeypatch.setattr(conversion, "samples_from", broken)
    assert ingest([delivered(volume(n)) for n in (1, 2, 3)]) == Taken(3, 0, 1)
    assert (volumes(), stored()) == ([1, 3], (2, 3, 1))
    assert "nobody thought of it" in RejectedMessage.objects.get().reason
    assert "ZeroDivisionError" in caplog.text
    monkeypatch.undo()
    replay(RejectedMessage.objects.get(), NOW)
    assert (volumes(), stored()) == ([1, 2, 3], (3, 3, 0))


def test_large_bodies_are_kept_with_their_head() -> None:
    body = b"[" + b" " * (1 << 20)
    ingest([delivered(body)])
    row = RejectedMessage.objects.get()
    assert (row.size, len(row.body), row.whole) == (len(body), 1 << 16, False)
    with pytest.raises(StillRejected, match="head"):
        replay(row, NOW)


def test_what_the_database_refuses_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    store = writing.store

    def refusing(events: Sequence[Any]) -> int:
        if any(event.message_id == UUID(int=7) for event in events):
            raise DataError("refused")
        return store(events)

    monkeypatch.setattr(writing, "store", refusing)
    assert ingest([delivered(volume(n)) for n in range(1, 21)]) == Taken(20, 0, 1)
    assert stored() == (20, 19, 1)
    row = RejectedMessage.objects.get()
    assert (row.part, row.message_id) == ("event", str(UUID(int=7)))
    monkeypatch.setattr(writing, "store", store)
    replay(row, NOW)
    assert stored() == (20, 20, 0)


def test_a_database_that_is_away_is_nobodys_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: object) -> int:
        raise OperationalError("away")

    with monkeypatch.context() as patched:
        patched.setattr(writing, "store", away)
        with pytest.raises(OperationalError):
            ingest([delivered(volume(1))])
    assert stored() == (0, 0, 0)
    assert ingest([delivered(volume(1))]) == Taken(1, 0, 0)


def test_one_that_kills_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    convert = conversion.convert

    def deadly(said: Any, now: datetime) -> Any:
        if said.id == UUID(int=2):
            raise KeyboardInterrupt
        return convert(said, now)

    monkeypatch.setattr(module, "convert", deadly)
    returned = [delivered(volume(n), redelivered=True) for n in (1, 2, 3)]
    for _ in range(4):  # together, then alone
        with pytest.raises(KeyboardInterrupt):
            ingest(returned)
    assert volumes() == [1]
    assert ingest(returned) == Taken(2, 1, 1)
    assert volumes() == [1, 3]
    row = RejectedMessage.objects.get()
    assert (row.part, "died" in row.reason) == ("store", True)
    assert not Attempt.objects.exists()
    monkeypatch.setattr(module, "convert", convert)
    replay(row, NOW)
    assert volumes() == [1, 2, 3]
    assert stored() == (3, 3, 0)


def test_what_comes_back_is_taken_together_first(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    begin = attempts.begin

    def counted(digests: Sequence[bytes], now: datetime) -> None:
        begun.append(len(digests))
        begin(digests, now)

    monkeypatch.setattr(attempts, "begin", counted)
    returned = [delivered(volume(n), redelivered=True) for n in range(1, 51)]
    assert ingest(returned) == Taken(50, 0, 0)
    assert begun == [50]


def test_a_replay_that_fails_says_why_and_stays() -> None:
    ingest([delivered(volume(1, size="much"))])
    row = RejectedMessage.objects.get(part="samples")
    with pytest.raises(StillRejected, match="'much'"):
        replay(row, NOW)
    assert RejectedMessage.objects.filter(pk=row.pk).exists()


def test_a_replay_takes_the_failed_half_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    ingest([delivered(volume(1, created_at="soon"))])
    row = RejectedMessage.objects.get()
    row.body = json.dumps(volume(1, created_at="2026-03-01T00:00:00")).encode()
    row.size = len(row.body)
    row.save()
    replay(row, NOW)
    assert stored() == (1, 1, 0)
    with pytest.raises(StillRejected, match="meanwhile"):
        replay(row, NOW)
    assert stored() == (1, 1, 0)


def test_priorities_decide_what_is_made() -> None:
    batch = []
    for priority in ("info", "sample", "error", "warn"):
        content = volume(1) | {"message_id": str(uuid4()), "priority": priority}
        batch.append(delivered(content))
    assert ingest(batch) == Taken(4, 0, 0)
    assert stored() == (2, 2, 0)
