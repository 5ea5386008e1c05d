"""Reads the queues of one bus: connects, finds them, reads, and begins again when it is lost."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event
from typing import Any

from amqp.exceptions import ChannelError
from kombu import Connection

from telemetry_site.core.messaging import topology
from telemetry_site.core.messaging.batches import Batch
from telemetry_site.core.messaging.board import Board, Reading
from telemetry_site.core.messaging.buses import NONE, Bus, Plan, Queue
from telemetry_site.core.messaging.channels import LOST, connected
from telemetry_site.core.messaging.flags import UNKNOWN, Flags, mismatch
from telemetry_site.core.messaging.listener import Listener
from telemetry_site.core.messaging.models import QueueStanding
from telemetry_site.core.messaging.pace import Every, pauses
from telemetry_site.core.messaging.topology import Found

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0
LOOK_EVERY, COUNT_EVERY, BEAT_EVERY = 30.0, 5.0, 1.0
BUSY_TURN, QUIET_TURN = 0.02, 0.5  # seconds from one look at the batches to the next
LAST_CALL = 1.0  # seconds that batches which are out have to come back in when we stop
NOT_THERE = "The queue is not there: services make it with their first message of its priority."
GONE = (
    "The queue was deleted, and services that run do not make it again: restart them, or let us "
    "make it (TELEMETRY_NOTIFICATION_DECLARE)."
)


class Reader:
    """Run by a thread of its own, which alone touches the connection."""

    def __init__(
        self, bus: Bus, plan: Plan, board: Board, give: Callable[[Batch], object], stop: Event
    ) -> None:
        self._bus = bus
        self._plan = plan
        self._board = board
        self._give = give
        self._stop = stop
        self._problem = ""
        self._flags: dict[str, Flags] = {}
        self._met: set[str] = set()  # queues that were there since we are connected
        self._listeners: dict[str, Listener] = {}

    def run(self) -> None:
        """Read until told to stop, whatever happens to the bus."""
        waits = pauses(FIRST_PAUSE, LONGEST_PAUSE)
        while not self._stop.is_set():
            try:
                with connected(self._bus.url) as connection:
                    waits = pauses(FIRST_PAUSE, LONGEST_PAUSE)
                    self._serve(connection)
            except LOST as error:
                self._away(error)
                self._stop.wait(next(waits))

    def _away(self, error: Exception) -> None:
        problem = f"The bus is away: {_line(error)}"
        if problem != self._problem:
            logger.warning("%s: %s", self._bus.name, problem)
        self._problem = problem
        self._board.away(problem)

    def _serve(self, connection: Connection) -> None:
        logger.info("Connected to %s.", self._bus.name)
        self._problem = ""
        beat, look, count = Every(BEAT_EVERY), Every(LOOK_EVERY), Every(COUNT_EVERY)
        try:
            while not self._stop.is_set():
                now = time.monotonic()
                if beat.is_due(now):
                    connection.heartbeat_check()
                if look.is_due(now):
                    self._find(connection)
                if count.is_due(now):
                    self._count(connection)
                self._turn(connection, now)
                self._read(connection)
            self._end()
        finally:
            self._forget()

    def _read(self, connection: Connection) -> None:
        """Wait for something to come, and take what comes with it. Raises one of LOST.

        Also where one channel is closed: whatever was given out on any of them then comes again.
        """
        held = any(listener.held for listener in self._listeners.values())
        try:
            connection.drain_events(timeout=BUSY_TURN if held else QUIET_TURN)
            until = time.monotonic() + BUSY_TURN
            while time.monotonic() < until:
                connection.drain_events(timeout=BUSY_TURN)
        except TimeoutError:
            pass

    def _turn(self, connection: Connection, now: float) -> None:
        for name, listener in list(self._listeners.items()):
            if listener.is_over:
                listener.close()
                del self._listeners[name]
                self._find(connection)
            else:
                listener.turn(now)

    def _find(self, connection: Connection) -> None:
        """Look for the queues that are not being read, and begin with those that are there."""
        for queue in self._plan.queues:
            if queue.name not in self._listeners:
                try:
                    self._board.note(queue.name, self._begin(connection, queue))
                except ChannelError as error:
                    problem = f"RabbitMQ refuses it: {_line(error)}"
                    self._board.note(queue.name, Reading(QueueStanding.AWAY, problem))

    def _begin(self, connection: Connection, queue: Queue) -> Reading:
        """Read the queue, if it is there or may be made; how it goes with it."""
        found = topology.look(connection, queue.name)
        if found is None:
            self._flags.pop(queue.name, None)
            if self._plan.declare == NONE:
                return Reading(problem=GONE if queue.name in self._met else NOT_THERE)
            topology.make(connection, queue.name, self._plan)
            found = Found(0, 0)
        self._met.add(queue.name)
        flags, problem = self._flags_of(connection, queue.name), ""
        if self._plan.declare != NONE:
            topology.tie(connection, queue, self._plan)
            problem = mismatch(self._plan, flags)
        channel: Any = connection.channel()
        self._listeners[queue.name] = Listener(channel, queue.name, self._plan, self._give)
        state = QueueStanding.MISMATCH if problem else QueueStanding.CONSUMING
        logger.info("Reading %s of %s.", queue.name, self._bus.name)
        return Reading(state, problem, flags, found.waiting, found.consumers + 1)

    def _flags_of(self, connection: Connection, queue: str) -> Flags:
        """Asked once while the queue is there: were the question ever our end, we go on without."""
        if queue not in self._flags:
            self._flags[queue] = UNKNOWN
            self._flags[queue] = topology.flags_of(connection, queue)
        return self._flags[queue]

    def _count(self, connection: Connection) -> None:
        for name, listener in list(self._listeners.items()):
            with suppress(ChannelError):
                if found := topology.look(connection, name):
                    self._board.recount(name, found.waiting + listener.held, found.consumers)

    def _end(self) -> None:
        """Acknowledge what is being taken in, if that does not take long."""
        until = time.monotonic() + LAST_CALL
        while any([one.acknowledge() for one in self._listeners.values()]):
            if time.monotonic() > until:
                return
            time.sleep(BUSY_TURN)

    def _forget(self) -> None:
        """Nothing that is held can be acknowledged any more: it comes again."""
        for listener in self._listeners.values():
            listener.lost = True
        self._listeners.clear()
        self._met.clear()


def _line(error: Exception) -> str:
    """What it says, on one line."""
    words = getattr(error, "strerror", None) or str(error)
    return " ".join(words.split()) or type(error).__name__
