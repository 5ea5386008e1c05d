"""Brings the demo cloud into the store."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import TypeVar

from events.ingest import from_notification
from events.storage.writing import prepare, record
from meters import queries
from meters.pipelines import publish
from telemetry_site.core.errors import TelemetryError
from telemetry_site.core.identity.caller import ADMIN
from telemetry_site.core.messaging.notification import Notification
from telemetry_site.core.transactions import in_transaction
from telemetry_site.demo.stream import SOURCE, Stream

# Large, so that an index is touched seldom; small enough to leave others their turn.
AT_ONCE = 20_000

T = TypeVar("T")


class ForeignSamples(TelemetryError):
    """The store holds samples of a real cloud."""

    def __init__(self, meter: str) -> None:
        super().__init__(
            f"The store holds other samples, of {meter} for one; the demo does not mix with them. "
            "Point TELEMETRY_DATA_DIR at another folder, or say --force."
        )


@dataclass(frozen=True, slots=True)
class Filled:
    """How many samples or events were new, and how many have been through."""

    stored: int = 0
    sent: int = 0


def refuse_foreign(host: str) -> None:
    """Raises ForeignSamples, unless all samples are the demo's or about this machine itself."""
    others = queries.series(ADMIN).exclude(source=SOURCE)
    others = others.exclude(project=None, resource=host)
    others = others.exclude(project=None, resource__startswith=f"{host}.")
    meter = others.values_list("meter", flat=True).first()
    if meter is not None:
        raise ForeignSamples(meter)


def fill(streams: Iterable[Stream], watch: Callable[[Filled], None]) -> Filled:
    """Store all samples of the streams, a stream after the other; `watch` hears of each batch."""
    filled = Filled()
    for batch in _batches(sample for stream in streams for sample in stream.samples()):
        filled = Filled(filled.stored + publish(batch), filled.sent + len(batch))
        watch(filled)
    return filled


def tell(said: Iterable[Notification], now: datetime) -> Filled:
    """Store the events of what was said; samples of it come from the streams alone."""
    filled = Filled()
    made = (from_notification(one, now) for one in said)
    for batch in _batches(event for event in made if event):
        prepare(batch)
        stored = in_transaction(partial(record, batch))
        filled = Filled(filled.stored + stored, filled.sent + len(batch))
    return filled


def _batches(found: Iterator[T]) -> Iterator[list[T]]:
    while batch := list(islice(found, AT_ONCE)):
        yield batch
