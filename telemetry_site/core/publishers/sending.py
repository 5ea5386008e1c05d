"""Sends what publishers are owed: one sender for each, under a lease, in the order of ids."""

import logging
import time
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from telemetry_site.core import clock
from telemetry_site.core.publishers import outbox
from telemetry_site.core.publishers.channels import Channel
from telemetry_site.core.publishers.models import Owed, PublisherStanding
from telemetry_site.core.publishers.publisher import Parcel, PublishError

LEASE = timedelta(seconds=60)  # longer than a parcel takes to be sent or given up
PROMISE = timedelta(seconds=10)  # for the sender to begin
BUDGET = 20.0  # seconds that one sender works; what is left is for the next tick
LONGEST_PAUSE = 60  # seconds
LONGEST_ERROR = 300

logger = logging.getLogger(__name__)


def claim(
    channels: Mapping[bytes, Channel], most_bytes: int, now: datetime
) -> list[tuple[int, int]]:
    """Take the publishers that are owed something and due; (id, generation) of each.

    Each is first held to its bound. One conditional update a publisher: of two that claim at
    once, one finds it taken.
    """
    owed = Exists(Owed.objects.filter(publisher=OuterRef("pk")))
    rows = PublisherStanding.objects.filter(owed | Q(full=True), key__in=list(channels))
    claimed = []
    for row in rows:
        outbox.bound(row, channels[bytes(row.key)], most_bytes)
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        due = Q(next_try=None) | Q(next_try__lte=now)
        taken = PublisherStanding.objects.filter(free, due, pk=row.pk, generation=row.generation)
        if taken.update(lease_until=now + PROMISE, generation=F("generation") + 1):
            claimed.append((row.pk, row.generation + 1))
    return claimed


def send(channels: Mapping[bytes, Channel], standing_id: int, generation: int) -> int:
    """Send on behalf of a claim until nothing is left or something fails; records that arrived."""
    row = _held(standing_id, generation).first()
    channel = channels.get(bytes(row.key)) if row else None
    if row is None or channel is None:
        return 0
    sender = _Sender(row, channel, generation)
    try:
        return sender.work_off()
    finally:
        channel.publisher.close()
        _held(standing_id, generation).update(lease_until=None)


class _Sender:
    def __init__(self, row: PublisherStanding, channel: Channel, generation: int) -> None:
        self._row = row
        self._channel = channel
        self._mine = _held(row.pk, generation)

    def work_off(self) -> int:
        until, sent = time.monotonic() + BUDGET, 0
        while time.monotonic() < until and (owed := self._row.owed.order_by("pk").first()):
            if not self._mine.update(lease_until=clock.now() + LEASE):
                break  # another one sends by now
            try:
                self._send(owed)
            except PublishError as error:
                if not error.permanent:
                    self._failed(str(error))
                    break
                self._refused(owed, str(error))
            except Exception as error:  # whatever it is, what is owed stays
                logger.exception("Publishing to %s failed.", self._channel.label)
                self._failed(f"It failed unexpectedly: {type(error).__name__}; the log has more.")
                break
            else:
                sent += owed.count
        return sent

    def _send(self, owed: Owed) -> None:
        parcel = Parcel(owed.parcel, self._channel.read(bytes(owed.body)))
        if self._channel.once:
            self._arrived(owed)
        self._channel.publisher.send(parcel)
        if not self._channel.once:
            self._arrived(owed)

    def _arrived(self, owed: Owed) -> None:
        """The last error stays to be seen; that there are no failures says that it is over."""
        now = clock.now()
        with transaction.atomic():
            owed.delete()
            self._mine.update(
                sent=F("sent") + owed.count, last_sent_at=now, failures=0, next_try=None
            )

    def _refused(self, owed: Owed, why: str) -> None:
        logger.warning("%s refused %d for good: %s", self._channel.label, owed.count, why)
        with transaction.atomic():
            owed.delete()
            self._mine.update(
                refused=F("refused") + owed.count, last_error=why[:LONGEST_ERROR],
                last_error_at=clock.now(), failures=0, next_try=None,
            )  # fmt: skip

    def _failed(self, why: str) -> None:
        failures = self._row.failures = self._row.failures + 1
        now = clock.now()
        pause = timedelta(seconds=min(2 ** min(failures - 1, 10), LONGEST_PAUSE))
        if failures == 1:
            logger.warning("%s: %s", self._channel.label, why)
        self._mine.update(
            failures=failures, next_try=now + pause, last_error=why[:LONGEST_ERROR],
            last_error_at=now,
        )  # fmt: skip


def _held(standing_id: int, generation: int) -> QuerySet[PublisherStanding]:
    return PublisherStanding.objects.filter(
        pk=standing_id, generation=generation, lease_until__isnull=False
    )
