"""Walks samples through the sinks of a pipeline file, step by step, without storing anything."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from meters.samples import Sample
from meters.sinks import Sink, Sinks
from meters.transformers.flow import Cell, Flow, Terms, Unit
from telemetry_site.core.pipeline.plan import Plan


class Scratch:
    """Remembers nothing from before, and only as long as it is there itself."""

    def __init__(self) -> None:
        self._cells: dict[bytes, Cell] = {}

    def cells(self, keys: Sequence[bytes]) -> Mapping[bytes, Cell]:
        """See Memory.cells."""
        for key in keys:
            self._cells.setdefault(key, Cell(b"", b"", b""))
        return self._cells

    def read_whole(self, keys: Sequence[bytes]) -> None:
        """All is there already."""


class Walked(NamedTuple):
    """What came out at one place of a sink: of its source, of a transformer."""

    sink: str
    step: str
    samples: Sequence[Sample]


def walk(sinks: Sinks, units: Sequence[Sequence[Sample]], terms: Terms) -> Iterator[Walked]:
    """Each step of each sink that takes any of them, as if they were delivered in these units."""
    for sink, flow in zip(sinks.all, sinks.take(units), strict=True):
        if flow:
            yield from _steps(sinks.plan, sink, flow, terms)


def _steps(plan: Plan, sink: Sink, flow: Flow, terms: Terms) -> Iterator[Walked]:
    sources = ", ".join(source.name for source in plan.sources_of(sink.name))
    yield Walked(sink.name, f"from {sources}", list(flow.samples))
    memory = Scratch()
    named = next(one for one in plan.sinks if one.name == sink.name)
    for given, step in zip(named.steps, sink.steps, strict=True):
        flow = step.handle(flow, memory, terms)
        came = [sample for unit in flow.units for sample in _of(unit)]
        yield Walked(sink.name, given.name, came)


def _of(unit: Unit) -> Iterator[Sample]:
    yield from unit.fresh
    yield from unit.replaced
