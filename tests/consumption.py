"""Consumers that the tests start, and what is in the store by them."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from telemetry_site.consumer import Consumer
from telemetry_site.core.messaging.buses import Plan
from telemetry_site.core.messaging.intake import Ingest
from telemetry_site.core.messaging.models import QueueStanding, Receipt, RejectedMessage
from telemetry_site.ingest import ingest
from tests.waiting import until

PATIENCE = 40


class Consumption:
    """Consumers side by side in this process; `broken` counts the threads that failed."""

    def __init__(self) -> None:
        self.broken = 0
        self._consumers: list[Consumer] = []

    def start(self, plan: Plan, ingest: Ingest = ingest) -> Consumer:
        """One more."""
        made = Consumer(plan, ingest, self._count)
        self._consumers.append(made)
        made.start()
        return made

    def stop(self) -> None:
        """All of them."""
        for consumer in self._consumers:
            consumer.stop()

    def _count(self) -> None:
        self.broken += 1


def stored() -> set[UUID]:
    """The ids of the notifications that were taken in."""
    return set(Receipt.objects.values_list("pk", flat=True))


def rejected() -> Counter[bytes]:
    """The bodies that could not be processed: a table that would hold one twice."""
    return Counter(bytes(body) for body in RejectedMessage.objects.values_list("body", flat=True))


def wait_until_stored(wanted: Iterable[UUID], seconds: float = PATIENCE) -> None:
    """AssertionError with what is missing when it is not there in time."""
    ids = set(wanted)
    try:
        until(lambda: ids <= stored(), "all are stored", seconds)
    except AssertionError:
        missing = ids - stored()
        raise AssertionError(f"{len(missing)} of {len(ids)} are missing") from None


def standing(queue: str) -> QueueStanding | None:
    """What is written down of the queue."""
    return QueueStanding.objects.filter(queue=queue).first()
