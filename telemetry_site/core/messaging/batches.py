"""Messages of one queue on their way from the one who reads to the one who stores."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from telemetry_site.core.messaging.delivery import Delivery


class Origin(Protocol):
    """Whom a batch came from, and who acknowledges it. Threads share it."""

    @property
    def queue(self) -> str:
        """The name of the queue."""

    @property
    def lost(self) -> bool:
        """Whether the batch cannot be acknowledged any more, and comes again."""

    def finish(self, batch: "Batch") -> None:
        """The batch is stored."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """`tag` is that of the last of the messages; it stands for all before it, too."""

    origin: Origin
    tag: int
    deliveries: Sequence[Delivery]
