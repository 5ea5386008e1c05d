"""The sinks of a pipeline file, ready for samples."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from meters.publishers.registry import channel_of
from meters.samples import Sample
from meters.transformers.flow import Flow, Memory, Terms, Transformer, Unit
from meters.transformers.registry import transformers
from telemetry_site.core.pipeline.models import PipelineStanding
from telemetry_site.core.pipeline.outlets import Outlets, outlets
from telemetry_site.core.pipeline.plan import Plan
from telemetry_site.core.pipeline.plan import Sink as SinkPlan
from telemetry_site.core.pipeline.reading import SAMPLES, read
from telemetry_site.core.pipeline.tally import Count, Place
from telemetry_site.core.publishers.channels import Channel, by_key

MOST_METERS = 100_000  # whose sinks are remembered


class Sink(NamedTuple):
    """Transformers in a row, and where what comes out of them is sent."""

    name: str
    steps: Sequence[Transformer]
    outlets: Outlets


class Sinks:
    """All sinks of a file, and which meters go where."""

    def __init__(self, plan: Plan, sinks: Sequence[Sink]) -> None:
        self.plan = plan
        self.all = sinks
        channels = (channel for sink in sinks for channel in sink.outlets.channels)
        self.channels: Mapping[bytes, Channel] = by_key(channels)
        self._route = lru_cache(MOST_METERS)(plan.route)

    def take(self, units: Sequence[Sequence[Sample]]) -> list[Flow]:
        """What goes into each sink, in their order: a sample once, however many sources take it."""
        meters = {sample.meter for unit in units for sample in unit}
        routes = {meter: self._route(meter) for meter in meters}
        flows = []
        for place in range(len(self.all)):
            taken = {meter for meter, route in routes.items() if place in route.sinks}
            some = units if len(taken) == len(meters) else _of(units, taken)
            flows.append(Flow([Unit(unit) for unit in some]))
        return flows

    def counts(
        self, units: Sequence[Sequence[Sample]], flows: Sequence[Flow]
    ) -> Mapping[Place, Count]:
        """What each source took of the units, and what came out of each sink."""
        meters = Counter(sample.meter for unit in units for sample in unit)
        found: dict[Place, Count] = defaultdict(Count)
        for meter, many in meters.items():
            for source in self._route(meter).sources:
                place = Place(SAMPLES, PipelineStanding.SOURCE, source)
                found[place] = Count(found[place].total + many)
        for sink, flow in zip(self.all, flows, strict=True):
            came = sum(len(unit.fresh) for unit in flow.units)
            if came or flow.unusable:
                found[Place(SAMPLES, PipelineStanding.SINK, sink.name)] = Count(came, flow.unusable)
        return found

    def walk(self, flows: list[Flow], memory: Memory, terms: Terms, begin: int = 0) -> list[Flow]:
        """What comes out of each sink. Transformers of equal places read their memory at once."""
        depth = max((len(sink.steps) for sink in self.all), default=0)
        for position in range(begin, depth):
            work = [
                (place, sink.steps[position])
                for place, sink in enumerate(self.all)
                if position < len(sink.steps) and flows[place]
            ]
            memory.cells([key for place, step in work for key in step.keys(flows[place])])
            for place, step in work:
                lost = flows[place].unusable
                flow = step.handle(flows[place], memory, terms)
                flows[place] = flow._replace(unusable=flow.unusable + lost)
        return flows


def load(path: Path) -> Sinks:
    """The sinks of a file. Raises BadDefinition."""
    plan = read(path, SAMPLES)
    return Sinks(plan, [_sink(plan, sink) for sink in plan.sinks])


def _sink(plan: Plan, given: SinkPlan) -> Sink:
    return Sink(given.name, transformers(plan, given), outlets(plan, given, channel_of))


def _of(units: Sequence[Sequence[Sample]], meters: set[str]) -> Sequence[Sequence[Sample]]:
    """The samples of these meters, in their units; nothing of units that have none."""
    if not meters:
        return ()
    found = [[sample for sample in unit if sample.meter in meters] for unit in units]
    return [unit for unit in found if unit]
