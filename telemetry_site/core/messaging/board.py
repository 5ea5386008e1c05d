"""What is known of the queues of a bus, kept in memory and written down now and then."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

from django.db import transaction
from django.db.models import F

from telemetry_site.core.messaging.flags import UNKNOWN, Flags
from telemetry_site.core.messaging.models import QueueStanding

READ = ("state", "problem", "waiting", "consumers", "seen_at", *Flags._fields)


@dataclass(frozen=True, slots=True)
class Reading:
    """How it goes with a queue; `waiting` are all messages that were not taken in yet."""

    state: str = QueueStanding.WAITING
    problem: str = ""
    flags: Flags = UNKNOWN
    waiting: int = 0
    consumers: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """What came since it was last written down, and when the last of it came."""

    received: int = 0
    repeated: int = 0
    rejected: int = 0
    last: datetime | None = None


class Board:
    """Told by the threads of a bus, written to the table by one of them."""

    def __init__(self, bus: str, queues: Iterable[str]) -> None:
        self._bus = bus
        self._lock = Lock()
        self._readings = {queue: Reading() for queue in sorted(queues)}
        self._counts: dict[str, Counts] = {}

    def note(self, queue: str, reading: Reading) -> None:
        """This is how it goes with the queue now."""
        with self._lock:
            self._readings[queue] = reading

    def recount(self, queue: str, waiting: int, consumers: int) -> None:
        """The rest is as it was."""
        with self._lock:
            reading = self._readings[queue]
            self._readings[queue] = replace(reading, waiting=waiting, consumers=consumers)

    def away(self, problem: str) -> None:
        """The bus cannot be reached."""
        with self._lock:
            self._readings = dict.fromkeys(self._readings, Reading(QueueStanding.AWAY, problem))

    def count(self, queue: str, received: int, repeated: int, rejected: int, at: datetime) -> None:
        """So many messages were taken in."""
        with self._lock:
            was = self._counts.get(queue, Counts())
            self._counts[queue] = Counts(
                was.received + received, was.repeated + repeated, was.rejected + rejected, at
            )

    def write(self, now: datetime) -> None:
        """Write it down. Raises a DatabaseError: what was counted is then written the next time."""
        with self._lock:
            readings, counts = dict(self._readings), self._counts
            self._counts = {}
        try:
            with transaction.atomic():
                self._write_readings(readings, now)
                self._write_counts(counts)
        except BaseException:
            self._take_back(counts)
            raise

    def _write_readings(self, readings: dict[str, Reading], now: datetime) -> None:
        rows = [self._row(queue, reading, now) for queue, reading in readings.items()]
        QueueStanding.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=("bus", "queue"),
            update_fields=READ,
        )

    def _row(self, queue: str, reading: Reading, now: datetime) -> QueueStanding:
        return QueueStanding(
            bus=self._bus,
            queue=queue,
            state=reading.state,
            problem=reading.problem,
            waiting=reading.waiting,
            consumers=reading.consumers,
            seen_at=now,
            began_at=now,
            **reading.flags._asdict(),
        )

    def _write_counts(self, counts: dict[str, Counts]) -> None:
        for queue, more in sorted(counts.items()):
            QueueStanding.objects.filter(bus=self._bus, queue=queue).update(
                received=F("received") + more.received,
                repeated=F("repeated") + more.repeated,
                rejected=F("rejected") + more.rejected,
                last_message_at=more.last,
            )

    def _take_back(self, counts: dict[str, Counts]) -> None:
        for queue, more in counts.items():
            if more.last is not None:
                self.count(queue, more.received, more.repeated, more.rejected, more.last)
