"""Both pipeline files at once: what they say, what is wrong with them, what a change forgets."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from events import pipelines as event_pipelines
from events import sinks as event_sinks
from meters import pipelines as sample_pipelines
from meters import sinks as sample_sinks
from meters.transformers.registry import places
from telemetry_site.core.errors import BadDefinition
from telemetry_site.core.pipeline.plan import Plan
from telemetry_site.core.pipeline.reading import EVENTS, SAMPLES, read
from telemetry_site.core.publishers.address import Address
from telemetry_site.core.publishers.notifier import consumed_by_us
from telemetry_site.core.publishers.registry import is_store

KINDS = (SAMPLES, EVENTS)
LOOP = "{}: publisher {} of sink {}: its messages would come back to us; name another topic"


class Checked(NamedTuple):
    """The plan of a file, if it can be used, and everything that is wrong with it."""

    plan: Plan | None
    faults: list[str]


def in_use(kind: str) -> Path:
    """The file that is in use."""
    return sample_pipelines.file() if kind == SAMPLES else event_pipelines.file()


def check(path: Path, kind: str) -> Checked:
    """Read a file as it would be used."""
    try:
        if kind == SAMPLES:
            sinks = sample_sinks.load(path)
            plan, outlets = sinks.plan, [sink.outlets for sink in sinks.all]
        else:
            events = event_sinks.load(path)
            plan, outlets = events.plan, list(events.all)
    except BadDefinition as error:
        return Checked(None, [str(error)])
    faults = [fault for one in outlets for fault in one.faults]
    return Checked(
        plan, [*faults, *_loops(plan, kind), *(f"{path}, {note}" for note in plan.notes)]
    )


def stores(plan: Plan) -> bool:
    """Whether any sink puts what comes out of it into our own store."""
    return any(is_store(url) for sink in plan.sinks for url in sink.publishers)


def forgotten(new: Plan) -> Iterator[str]:
    """What the transformers of the file in use would forget if this one took its place."""
    old = read(in_use(SAMPLES), SAMPLES)
    kept = {place.fingerprint for sink in new.sinks for place in places(sink)}
    for sink in old.sinks:
        for step, place in zip(sink.steps, places(sink), strict=True):
            if place.fingerprint not in kept:
                yield f"{step.name} of sink {sink.name}"


def _loops(plan: Plan, kind: str) -> Iterator[str]:
    for sink in plan.sinks:
        for url in sink.publishers:
            address = Address(url)
            notifier = address.scheme == "notifier"
            if notifier and consumed_by_us(address, settings.TELEMETRY, kind):
                yield LOOP.format(f"{plan.file}, line {sink.line}", address, sink.name)
