"""Reading the notification buses: a step of a Celery worker that is started with --notifications.

It has connections and threads of its own, beside those of Celery.
"""

import logging
import sys
import time
from collections.abc import Callable, Mapping
from threading import Event, Thread
from typing import Any

from celery import bootsteps
from celery.worker import state
from django.conf import settings

from telemetry_site.core.messaging.board import Board
from telemetry_site.core.messaging.buses import Bus, Plan, plan
from telemetry_site.core.messaging.intake import Ingest, Intake
from telemetry_site.core.messaging.reader import Reader
from telemetry_site.ingest import ingest
from telemetry_site.options import BAD_CONFIGURATION

logger = logging.getLogger(__name__)

PATIENCE = 1.8  # seconds that the threads have to end; what they leave comes again
FORKS = "celery.concurrency.prefork"


class Consumer:
    """Two threads for each bus: one reads the connection, one writes to the database."""

    def __init__(self, wanted: Plan, ingest: Ingest, when_broken: Callable[[], None]) -> None:
        self._wanted = wanted
        self._ingest = ingest
        self._when_broken = when_broken
        self._stop = Event()
        self._intakes: list[Intake] = []
        self._threads: list[Thread] = []

    def start(self) -> None:
        """Begin to read."""
        for bus in self._wanted.buses:
            self._begin(bus)

    def stop(self) -> None:
        """Stop reading; whatever hangs is left behind, and comes again."""
        self._stop.set()
        until = time.monotonic() + PATIENCE
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _begin(self, bus: Bus) -> None:
        board = Board(bus.name, (queue.name for queue in self._wanted.queues))
        intake = Intake(self._ingest, board, self._stop)
        reader = Reader(bus, self._wanted, board, intake.give, self._stop)

        def read() -> None:
            try:
                reader.run()
            finally:
                intake.give(None)

        for name, work in (("read", read), ("store", intake.run)):
            thread = Thread(target=self._run, args=(work,), name=f"{name} {bus.name}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _run(self, work: Callable[[], None]) -> None:
        """What ends before it is told to has failed, and nobody would read any more."""
        try:
            work()
        except BaseException:
            logger.exception("The notifications cannot be read on.")
        finally:
            if not self._stop.is_set():
                self._when_broken()


class Notifications(bootsteps.StartStopStep):
    """The step; without its option it is not part of the worker."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, notifications: bool = False, **options: Any) -> None:
        super().__init__(worker, **options)
        self.enabled = notifications
        if notifications and worker.pool_cls.__module__ == FORKS:
            _refuse("--notifications does not go with processes that fork: add -P threads.")

    def create(self, worker: Any) -> Any:
        """What the worker then starts and stops."""
        return Consumer(wanted(settings.TELEMETRY), ingest, _end_worker)


def wanted(telemetry: Mapping[str, Any]) -> Plan:
    """What is to be read; says so where that is nothing."""
    found = plan(telemetry)
    if not found.buses:
        logger.warning(
            "There is nothing to read: TELEMETRY_NOTIFICATION_URLS is unset, or "
            "TELEMETRY_NOTIFICATIONS is off."
        )
    return found


def _end_worker() -> None:
    """Let the worker end with a code that says it failed; whoever watches it starts another."""
    state.should_stop = 1  # type: ignore[assignment]  # the exit code


def _refuse(sentence: str) -> None:
    sys.stderr.write(f"telemetry: {sentence}\n")
    raise SystemExit(BAD_CONFIGURATION)
