"""A sink of transformers without a database: what goes in, what comes out."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from meters.samples import Sample
from meters.transformers.flow import Cell, Flow, Memory, Terms, Unit
from meters.transformers.registry import transformers
from telemetry_site.core.pipeline.plan import Plan, Sink, Step
from tests.factories import MOMENT as NOW
from tests.factories import make_sample

HOUR = 3_600_000_000  # microseconds


class KeptMemory:
    """Remembers as the table does: what is older is there only when it was asked for."""

    def __init__(self) -> None:
        self._kept: dict[bytes, tuple[bytes, bytes, bytes]] = {}
        self._cells: dict[bytes, Cell] = {}

    def cells(self, keys: Sequence[bytes]) -> Mapping[bytes, Cell]:
        for key in keys:
            if key not in self._cells:
                kept = self._kept.get(key)
                self._cells[key] = Cell(kept[0]) if kept else Cell(b"", b"", b"")
        return self._cells

    def read_whole(self, keys: Sequence[bytes]) -> None:
        for key in keys:
            cell = self._cells[key]
            if cell.state is None:
                _, cell.state, cell.history = self._kept[key]

    def save(self) -> None:
        for key, cell in self._cells.items():
            if cell.view is not None:
                cell.view.write()
                cell.view = None
            _, state, history = self._kept.get(key, (b"", b"", b""))
            if cell.whole:
                state, history = cell.state or b"", cell.history or b""
            self._kept[key] = (cell.newest, state, history + cell.aside)
        self._cells = {}


class Pipe:
    """Transformers in a row, by their names and parameters."""

    def __init__(self, *steps: tuple[str, Mapping[str, Any]]) -> None:
        sink = Sink("sink", tuple(Step(name, given) for name, given in steps), ())
        self._steps = transformers(Plan("pipeline.yaml", (), (sink,)), sink)
        self.memory: KeptMemory = KeptMemory()
        self.unusable = 0
        self.late_after = HOUR

    def feed(self, *units: Sequence[Sample], after: float = 0) -> list[Unit]:
        """Deliver these units in one batch, so many seconds after the tests' now."""
        memory: Memory = self.memory
        terms = Terms(NOW + timedelta(seconds=after), self.late_after)
        flow = Flow([Unit(unit) for unit in units])
        for step in self._steps:
            flow = step.handle(flow, memory, terms)
            self.unusable += flow.unusable
        self.memory.save()
        return list(flow.units)

    def give(self, *samples: Sample, after: float = 0) -> list[Sample]:
        """Deliver one unit; what is new because of it."""
        (unit,) = self.feed(samples, after=after)
        return list(unit.fresh)


def at(seconds: float, volume: float, **given: Any) -> Sample:
    """A sample of so many seconds after the tests' now."""
    return make_sample(timestamp=NOW + timedelta(seconds=seconds), volume=volume, **given)


def seconds(sample: Sample) -> float:
    """How long after the tests' now it is."""
    return (sample.timestamp - NOW).total_seconds()
