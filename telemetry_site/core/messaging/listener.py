"""One queue that is being read, on a channel of its own."""

import time
from collections import deque
from collections.abc import Callable
from typing import Any

from telemetry_site.core.messaging.batches import Batch
from telemetry_site.core.messaging.buses import Plan, priority_of
from telemetry_site.core.messaging.delivery import Delivery
from telemetry_site.core.messaging.gathering import Gathering

AHEAD = 4  # portions that are given out to us: one is taken in while others come


class Listener:
    """Gathers what the queue gives out, hands it on in batches, acknowledges what was taken in.

    Everything but `finish` and `lost` belongs to the thread that reads the connection.
    """

    def __init__(
        self, channel: Any, queue: str, plan: Plan, give: Callable[[Batch], object]
    ) -> None:
        self.queue = queue
        self.lost = False  # then nothing can be acknowledged, and all of it comes again
        self._channel = channel
        self._give = give
        self._gathering = Gathering(plan.most, plan.wait)
        self._given: set[Batch] = set()
        self._finished: deque[Batch] = deque()
        self._cancelled = False
        channel.auto_decode = False  # bodies are bytes
        channel.basic_qos(0, AHEAD * plan.most, False)
        channel.basic_consume(queue, callback=self._arrived, on_cancel=self._cancel)

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes, and nothing that came is still to be acknowledged."""
        return self._cancelled and not self.held

    @property
    def held(self) -> int:
        """How many messages are not acknowledged."""
        return len(self._gathering) + sum(len(batch.deliveries) for batch in self._given)

    def turn(self, now: float) -> None:
        """Acknowledge what was taken in, hand on what need not wait any longer."""
        self.acknowledge()
        while self._may_give(now):
            tag, deliveries = self._gathering.take(now)
            batch = Batch(self, tag, deliveries)
            self._given.add(batch)
            self._give(batch)

    def acknowledge(self) -> bool:
        """Acknowledge what was taken in; whether batches are still out."""
        while self._finished:
            batch = self._finished.popleft()
            self._given.remove(batch)
            self._channel.basic_ack(batch.tag, multiple=True)
        return bool(self._given)

    def finish(self, batch: Batch) -> None:
        """The batch was taken in: it is acknowledged at the next turn."""
        self._finished.append(batch)

    def close(self) -> None:
        """Give the channel back, once it is over."""
        self._channel.close()

    def _may_give(self, now: float) -> bool:
        """A whole portion goes behind another one; what is less waits until nothing is out."""
        if self._gathering.is_full():
            return len(self._given) < AHEAD
        return not self._given and (self._gathering.is_ripe(now) or self._is_last())

    def _is_last(self) -> bool:
        return self._cancelled and len(self._gathering) > 0

    def _arrived(self, message: Any) -> None:
        body = message.body if isinstance(message.body, bytes) else message.body.encode()
        about = message.delivery_info
        delivery = Delivery(
            body, self.queue, priority_of(about["routing_key"]), about["redelivered"]
        )
        self._gathering.add(about["delivery_tag"], delivery, time.monotonic())

    def _cancel(self, _: str) -> None:
        """The queue was deleted, with us reading it: nobody else has what we hold."""
        self._cancelled = True
