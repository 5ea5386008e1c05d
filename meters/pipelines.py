"""The one door that every sample goes through, whatever made it."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from meters.publishers.registry import encoded
from meters.samples import Sample
from meters.sinks import Sink, Sinks, load
from meters.storage import remembering
from meters.storage.remembering import StoredMemory
from meters.storage.store import store
from meters.transformers.flow import Flow, Terms, Unit
from meters.transformers.outcome import Outcome
from telemetry_site.core import clock
from telemetry_site.core.pipeline import tally
from telemetry_site.core.pipeline.current import Current
from telemetry_site.core.pipeline.outlets import tell
from telemetry_site.core.publishers import outbox
from telemetry_site.core.publishers.channels import Channel
from telemetry_site.core.transactions import in_transaction

T = TypeVar("T")

NOTHING = Flow([Unit(())])
SHIPPED = Path(__file__).parent / "data" / "pipeline.yaml"

_volume = attrgetter("volume")

logger = logging.getLogger(__name__)


def file() -> Path:
    """The pipeline file that is in use."""
    given: Path | None = settings.TELEMETRY["PIPELINE_FILE"]
    return given or SHIPPED


def _in_use(path: Path) -> Sinks:
    found = load(path)
    tell(sink.outlets for sink in found.all)
    return found


_current: Current[Sinks] = Current(file, _in_use)
sinks = _current.get


def publish(
    samples: Sequence[Sample],
    opening: Callable[[], None] = lambda: None,
    closing: Callable[[], None] = lambda: None,
) -> int:
    """Take one delivery in, in one transaction, between `opening` and `closing`; see `deliver`.

    Both write what must be true exactly when the samples are stored: `opening` what says that
    they come for the first time, such as the key of a POST, `closing` such as the end of the
    poll that made them. What either raises undoes everything.
    """

    def work() -> int:
        opening()
        stored = deliver([samples])
        closing()
        return stored

    prepare(samples)
    return in_transaction(work)


def prepare(samples: Sequence[Sample]) -> None:
    """What is to be done, outside of a transaction, before these samples are delivered."""
    outbox.know(sinks().channels.values())
    store().prepare(samples)


def terms(now: datetime) -> Terms:
    """What transformers go by, as the settings say."""
    return Terms(now, settings.TELEMETRY["TRANSFORMER_WINDOW"] // timedelta(microseconds=1))


def deliver(units: Sequence[Sequence[Sample]]) -> int:
    """Take them through their sinks in the caller's transaction; how many of them were new.

    A unit is what was delivered in one piece: a notification, a POST, a poll. Transformers that
    collect let go at the end of one. A sample without a volume goes nowhere, as in the original.
    """
    now, found, units = clock.now(), sinks(), _with_volume(units)
    memory = StoredMemory(now)
    flows = found.walk(found.take(units), memory, terms(now))
    memory.save()
    tally.count(found.counts(units, flows))
    return _publish(found, flows, now)


def flush(now: datetime) -> int:
    """Let go what transformers hold whose time has come; how many samples were stored."""
    return sum(in_transaction(partial(_flush, key, now)) for key in remembering.due(now))


def _flush(key: bytes, now: datetime) -> int:
    found, memory = sinks(), StoredMemory(now)
    for place, sink in enumerate(found.all):
        for position, step in enumerate(sink.steps):
            if key in step.keys(NOTHING):
                flows = [Flow(())] * len(found.all)
                flows[place] = step.handle(NOTHING, memory, terms(now))
                flows = found.walk(flows, memory, terms(now), position + 1)
                memory.save()
                return _publish(found, flows, now)
    return 0


def _with_volume(units: Sequence[Sequence[Sample]]) -> Sequence[Sequence[Sample]]:
    if not any(None in map(_volume, unit) for unit in units):
        return units
    kept = [[sample for sample in unit if sample.volume is not None] for unit in units]
    lost = sum(map(len, units)) - sum(map(len, kept))
    logger.warning("%d samples without a volume are not published.", lost)
    return kept


def _publish(found: Sinks, flows: Sequence[Flow], now: datetime) -> int:
    """What came out of the sinks, to where they send it; how many were new of those given."""
    stored: list[tuple[Sink, Unit]] = []
    owed: dict[bytes, tuple[Channel, list[Unit]]] = {}
    for sink, flow in zip(found.all, flows, strict=True):
        if not flow:
            continue
        unit = _whole(flow)
        if sink.outlets.stores:
            stored.append((sink, unit))
        for channel in sink.outlets.channels:
            owed.setdefault(channel.key, (channel, []))[1].append(unit)
    count = _store(stored)
    outbox.owe([_parcel(channel, units) for channel, units in owed.values()], now)
    return count


def _whole(flow: Flow) -> Unit:
    """All units of a flow as one: what is replaced or withdrawn is so in the end."""
    if len(flow.units) == 1:
        return flow.units[0]
    if not any(flow.corrections):
        return Unit(list(flow.samples))
    outcome = Outcome()
    for unit in flow.units:
        outcome.follow(unit)
    return outcome.unit()


def _store(units: Sequence[tuple[Sink, Unit]]) -> int:
    given = _distinct([unit for sink, unit in units if not sink.steps])
    made = _others(given, [unit for sink, unit in units if sink.steps])
    replaced = [sample for _, unit in units for sample in unit.replaced]
    withdrawn = [sample for _, unit in units for sample in unit.withdrawn]
    samples = [*given, *made] if made else given
    stored = store().record(samples, replaced, withdrawn)
    return max(0, stored - len(made)) if given else stored


def _others(given: Sequence[Sample], units: Sequence[Unit]) -> Sequence[Sample]:
    """Those that did not come out as they went in."""
    if not units:
        return ()
    known = set(map(id, given))
    return [sample for sample in _distinct(units) if id(sample) not in known]


def _parcel(channel: Channel, units: Sequence[Unit]) -> tuple[Channel, int, bytes]:
    """What is replaced goes out again under its id; what is withdrawn cannot be taken back."""
    samples = [*_distinct(units), *(sample for unit in units for sample in unit.replaced)]
    return channel, len(samples), encoded(samples)


def _distinct(units: Sequence[Unit]) -> Sequence[Sample]:
    """Each new sample once, though it came out of several sinks as it went in."""
    if len(units) == 1:
        return units[0].fresh
    return list({id(sample): sample for unit in units for sample in unit.fresh}.values())
