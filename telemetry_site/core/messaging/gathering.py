"""Gathers what a queue gives out until there is enough of it, or the oldest has waited enough."""

from collections import deque

from telemetry_site.core.messaging.delivery import Delivery

MOST_BYTES = 8 << 20


class Gathering:
    """Messages in the order they came, each with its tag; times are seconds of one clock.

    A portion is at most `most` messages and, but for a single large one, `MOST_BYTES`.
    """

    def __init__(self, most: int, wait: float) -> None:
        self._most = most
        self._wait = wait
        self._held: deque[tuple[int, Delivery]] = deque()
        self._bytes = 0
        self._since = 0.0

    def __len__(self) -> int:
        return len(self._held)

    def add(self, tag: int, delivery: Delivery, now: float) -> None:
        """Keep one more."""
        if not self._held:
            self._since = now
        self._held.append((tag, delivery))
        self._bytes += len(delivery.body)

    def is_full(self) -> bool:
        """Whether there is a whole portion."""
        return len(self._held) >= self._most or self._bytes >= MOST_BYTES

    def is_ripe(self, now: float) -> bool:
        """Whether there is anything that need not wait for more."""
        return bool(self._held) and (self.is_full() or now - self._since >= self._wait)

    def take(self, now: float) -> tuple[int, list[Delivery]]:
        """The oldest portion, and the tag of its last message."""
        portion: list[Delivery] = []
        tag, size = 0, 0
        while self._held and len(portion) < self._most:
            if portion and size + len(self._held[0][1].body) > MOST_BYTES:
                break
            tag, delivery = self._held.popleft()
            portion.append(delivery)
            size += len(delivery.body)
        self._bytes -= size
        self._since = now
        return tag, portion
