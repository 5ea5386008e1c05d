"""A load of notifications that goes on while servers are killed."""

from collections.abc import Callable
from threading import Event, Thread
from uuid import UUID

from amqp.exceptions import AMQPError

from tests.bus import Corner, ids, notification, publish
from tests.waiting import until

AT_ONCE = 20
PAUSE = 0.02  # seconds, so that the rest of the machine has its turn


class Load:
    """Sends until it is left; `confirmed` are the ids of what RabbitMQ said it has."""

    def __init__(self, corner: Corner) -> None:
        self.confirmed: list[UUID] = []
        self._corner = corner
        self._stop = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Load":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(30)

    def wait_for_more(self, count: int = 100) -> None:
        """So many more have been confirmed than now."""
        enough = len(self.confirmed) + count
        until(lambda: len(self.confirmed) >= enough, "RabbitMQ takes messages", 60)

    def _run(self) -> None:
        while not self._stop.wait(PAUSE):
            try:
                self._send()
            except (AMQPError, OSError):
                self._stop.wait(0.2)

    def _send(self) -> None:
        with self._corner.channel() as channel:
            while not self._stop.wait(PAUSE):
                for one in ids(AT_ONCE):
                    publish(channel, notification(one), self._corner.exchange, self._corner.queue)
                    self.confirmed.append(one)


def growing(count: Callable[[], int], by: int) -> None:
    """Wait until there are so many more than now."""
    enough = count() + by
    until(lambda: count() >= enough, f"{by} more", 60)
