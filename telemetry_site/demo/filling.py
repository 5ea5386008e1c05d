"""Brings the demo cloud into the store."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from meters import queries
from meters.pipelines import publish
from meters.samples import Sample
from telemetry_site.core.errors import TelemetryError
from telemetry_site.core.identity.caller import ADMIN
from telemetry_site.demo.stream import SOURCE, Stream

# Large, so that an index is touched seldom; small enough to leave others their turn.
AT_ONCE = 20_000


class ForeignSamples(TelemetryError):
    """The store holds samples of a real cloud."""

    def __init__(self, meter: str) -> None:
        super().__init__(
            f"The store holds other samples, of {meter} for one; the demo does not mix with them. "
            "Point TELEMETRY_DATA_DIR at another folder, or say --force."
        )


@dataclass(frozen=True, slots=True)
class Filled:
    """How many samples were new, and how many have been through."""

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


def _batches(samples: Iterator[Sample]) -> Iterator[list[Sample]]:
    batch: list[Sample] = []
    for sample in samples:
        batch.append(sample)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
