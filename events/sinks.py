"""The sinks of an event pipeline file, and which events go where."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from events.publishers.registry import channel_of
from telemetry_site.core.pipeline.outlets import Outlets, outlets
from telemetry_site.core.pipeline.plan import Plan
from telemetry_site.core.pipeline.reading import EVENTS, read
from telemetry_site.core.publishers.channels import Channel, by_key

MOST_TYPES = 100_000  # whose outlets are remembered
NOWHERE = Outlets(stores=False, channels=())

logger = logging.getLogger(__name__)


class Sinks:
    """All sinks of a file: events have no transformers, so a sink is its outlets."""

    def __init__(self, plan: Plan, sinks: Sequence[Outlets]) -> None:
        self.plan = plan
        self.all = sinks
        self.channels: Mapping[bytes, Channel] = by_key(c for sink in sinks for c in sink.channels)
        self._routes: dict[str, Outlets] = {}

    def outlets_of(self, event_type: str) -> Outlets:
        """Where events of the type are sent, each outlet once."""
        known = self._routes.get(event_type)
        if known is None:
            if len(self._routes) >= MOST_TYPES:
                self._routes.clear()
            known = self._routes[event_type] = self._together(self.plan.sinks_of(event_type))
        return known

    def _together(self, places: Sequence[int]) -> Outlets:
        sinks = [self.all[place] for place in places]
        channels = by_key(channel for sink in sinks for channel in sink.channels)
        return Outlets(any(sink.stores for sink in sinks), tuple(channels.values()))


def load(path: Path) -> Sinks:
    """The sinks of a file. Raises BadDefinition."""
    plan = read(path, EVENTS)
    found = [outlets(plan, sink, channel_of) for sink in plan.sinks]
    for sink in found:
        for fault in sink.faults:
            logger.error("%s. It is left out.", fault)
    return Sinks(plan, found)
