"""Takes batches in, one after the other, however long the database is away."""

import logging
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Event
from typing import Protocol, TypeAlias

from django.db import InterfaceError, OperationalError, connection

from telemetry_site.core import clock
from telemetry_site.core.messaging.batches import Batch
from telemetry_site.core.messaging.board import Board
from telemetry_site.core.messaging.delivery import Delivery
from telemetry_site.core.messaging.pace import Every, pauses
from telemetry_site.core.publishers.outbox import Congested

logger = logging.getLogger(__name__)

AWAY = (OperationalError, InterfaceError, Congested)
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
WRITE_EVERY = 3.0
_WAIT = ("The database is away, %d messages wait: %s", "%d messages wait: %s")


class Taken(Protocol):
    """How many messages of a batch came again, and how many were rejected."""

    @property
    def repeated(self) -> int:
        """Taken in before."""

    @property
    def rejected(self) -> int:
        """Kept with a reason, wholly or in part."""


# Commits all about the batch. Raises one of AWAY, and nothing else for the sake of a message.
Ingest: TypeAlias = Callable[[Sequence[Delivery]], Taken]


class Intake:
    """Run by a thread of its own, so that the one that reads never waits for the database."""

    def __init__(self, ingest: Ingest, board: Board, stop: Event) -> None:
        self._ingest = ingest
        self._board = board
        self._stop = stop
        self._waiting: SimpleQueue[Batch | None] = SimpleQueue()
        self._write = Every(WRITE_EVERY)

    def give(self, batch: Batch | None) -> None:
        """Take this one in after the others; None ends the work."""
        self._waiting.put(batch)

    def run(self) -> None:
        """Take in what is given until told to end."""
        try:
            while (batch := self._next()) is not None:
                self._take(batch)
                self._write_when_due()
        finally:
            connection.close()

    def _next(self) -> Batch | None:
        while True:
            try:
                return self._waiting.get(timeout=WRITE_EVERY / 2)
            except Empty:
                self._write_when_due()

    def _take(self, batch: Batch) -> None:
        """Until it is stored, or would be given out again anyway."""
        for attempt, pause in enumerate(pauses(FIRST_PAUSE, LONGEST_PAUSE)):
            if batch.origin.lost or self._try(batch, attempt) or self._stop.wait(pause):
                return

    def _try(self, batch: Batch, attempt: int) -> bool:
        """Whether it is stored now."""
        count = len(batch.deliveries)
        try:
            taken = self._ingest(batch.deliveries)
        except AWAY as error:
            connection.close()
            if not attempt:
                logger.warning(_WAIT[type(error) is Congested], count, _line(error))
            return False
        if attempt:
            logger.info("%d messages that waited are stored.", count)
        queue = batch.origin.queue
        self._board.count(queue, count, taken.repeated, taken.rejected, clock.now())
        batch.origin.finish(batch)
        return True

    def _write_when_due(self) -> None:
        if self._write.is_due(time.monotonic()):
            try:
                self._board.write(clock.now())
            except AWAY:
                connection.close()  # it is written later


def _line(error: Exception) -> str:
    return " ".join(str(error).split())
