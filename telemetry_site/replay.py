"""Takes rejected messages in again, once what was wrong with them is put right."""

from collections.abc import Callable
from datetime import datetime

from events import pipelines as event_pipelines
from meters import pipelines
from telemetry_site.conversion import event_of, reason_of, samples_of
from telemetry_site.core.errors import TelemetryError
from telemetry_site.core.messaging.delivery import Delivery
from telemetry_site.core.messaging.models import RejectedMessage
from telemetry_site.core.messaging.notification import Notification, decode
from telemetry_site.core.messaging.rejected import EVENT, LONGEST_REASON, SAMPLES
from telemetry_site.core.transactions import in_transaction
from telemetry_site.ingest import AWAY, take_in


class StillRejected(TelemetryError):
    """What was wrong still is; says what."""


def replay(row: RejectedMessage, now: datetime) -> None:
    """Take in the part of the message that failed, and drop the row, in one transaction.

    One half alone goes past the receipt, which the other half has left. Raises StillRejected;
    the row then has the new reason.
    """
    if not row.whole:
        raise StillRejected("Only the head of its body was kept, so it cannot be taken in")
    try:
        _again(row, now)
    except (StillRejected, *AWAY):
        raise
    except Exception as error:
        row.reason = reason_of(error)[:LONGEST_REASON]
        row.save(update_fields=["reason"])
        raise StillRejected(row.reason) from error


def _again(row: RejectedMessage, now: datetime) -> None:
    said = decode(bytes(row.body), row.queue.rpartition(".")[2] or "info")
    if row.part == SAMPLES:
        _samples(said, row)
    elif row.part == EVENT:
        _event(said, row, now)
    else:
        delivery = Delivery(bytes(row.body), row.queue)
        take_in(said, delivery, now, closing=_dropped(row))


def _samples(said: Notification, row: RejectedMessage) -> None:
    found = samples_of(said)
    pipelines.prepare(found)

    def work() -> None:
        _dropped(row)()
        pipelines.deliver([found])

    in_transaction(work)


def _event(said: Notification, row: RejectedMessage, now: datetime) -> None:
    event = event_of(said, now)
    found = [event_pipelines.prepared(event)] if event else []
    event_pipelines.prepare(found)

    def work() -> None:
        _dropped(row)()
        event_pipelines.deliver(found, now)

    in_transaction(work)


def _dropped(row: RejectedMessage) -> Callable[[], None]:
    """Whoever replays the same row at the same time waits here, and finds it gone."""

    def drop() -> None:
        gone, _ = RejectedMessage.objects.filter(pk=row.pk).delete()
        if not gone:
            raise StillRejected("It was taken in or dropped meanwhile")

    return drop
