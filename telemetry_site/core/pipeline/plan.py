"""A pipeline file as plain values: sources name what they take, sinks what becomes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from telemetry_site.core.pipeline.matching import takes


@dataclass(frozen=True, slots=True)
class Source:
    """Some meters or event types, and the sinks that they go to."""

    name: str
    rules: tuple[str, ...]
    sinks: tuple[str, ...]
    line: int = field(default=1, compare=False)

    def takes(self, name: str) -> bool:
        """Whether a meter or event type of that name goes to its sinks."""
        return takes(self.rules, name)


@dataclass(frozen=True, slots=True)
class Step:
    """A transformer of a sink as the file gives it."""

    name: str
    parameters: Mapping[str, Any]
    line: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Sink:
    """Transformers in a row, then publishers by their URLs."""

    name: str
    steps: tuple[Step, ...]
    publishers: tuple[str, ...]
    line: int = field(default=1, compare=False)


class Route(NamedTuple):
    """The places of sinks, and the names of sources."""

    sinks: tuple[int, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a pipeline file says; `notes` are things in it that are passed over."""

    file: str
    sources: tuple[Source, ...]
    sinks: tuple[Sink, ...]
    notes: tuple[str, ...] = ()

    def route(self, name: str) -> Route:
        """The way of a meter or event type: the sources that take it, and the places of the sinks
        that it goes to, each once."""
        sources = [source for source in self.sources if source.takes(name)]
        named = {sink for source in sources for sink in source.sinks}
        places = tuple(place for place, sink in enumerate(self.sinks) if sink.name in named)
        return Route(places, tuple(source.name for source in sources))

    def sources_of(self, sink: str) -> Sequence[Source]:
        """The sources that feed the sink."""
        return [source for source in self.sources if sink in source.sinks]
