"""The sinks of an event pipeline file, and which events go where."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from events.publishers.registry import channel_of
from telemetry_site.core.pipeline.models import PipelineStanding
from telemetry_site.core.pipeline.outlets import Outlets, outlets
from telemetry_site.core.pipeline.plan import Plan
from telemetry_site.core.pipeline.reading import EVENTS, read
from telemetry_site.core.pipeline.tally import Count, Place
from telemetry_site.core.publishers.channels import Channel, by_key

MOST_TYPES = 100_000  # whose outlets are remembered


class _Way(NamedTuple):
    """Where events of a type go, and what that is counted as."""

    outlets: Outlets
    places: tuple[Place, ...]


class Sinks:
    """All sinks of a file: events have no transformers, so a sink is its outlets."""

    def __init__(self, plan: Plan, sinks: Sequence[Outlets]) -> None:
        self.plan = plan
        self.all = sinks
        self.channels: Mapping[bytes, Channel] = by_key(c for sink in sinks for c in sink.channels)
        self._way = lru_cache(MOST_TYPES)(self._found)

    def outlets_of(self, event_type: str) -> Outlets:
        """Where events of the type are sent, each outlet once."""
        return self._way(event_type).outlets

    def counts(self, event_types: Iterable[str]) -> Mapping[Place, Count]:
        """What each source takes of events of these types, and each sink."""
        found: dict[Place, Count] = defaultdict(Count)
        for event_type, many in Counter(event_types).items():
            for place in self._way(event_type).places:
                found[place] = Count(found[place].total + many)
        return found

    def _found(self, event_type: str) -> _Way:
        route = self.plan.route(event_type)
        sinks = [self.plan.sinks[place].name for place in route.sinks]
        places = [Place(EVENTS, PipelineStanding.SOURCE, name) for name in route.sources]
        places += [Place(EVENTS, PipelineStanding.SINK, name) for name in sinks]
        return _Way(self._together(route.sinks), tuple(places))

    def _together(self, places: Sequence[int]) -> Outlets:
        sinks = [self.all[place] for place in places]
        channels = by_key(channel for sink in sinks for channel in sink.channels)
        return Outlets(any(sink.stores for sink in sinks), tuple(channels.values()))


def load(path: Path) -> Sinks:
    """The sinks of a file. Raises BadDefinition."""
    plan = read(path, EVENTS)
    return Sinks(plan, [outlets(plan, sink, channel_of) for sink in plan.sinks])
