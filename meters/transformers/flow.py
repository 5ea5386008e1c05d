"""Samples on their way through a sink, and what a transformer may remember."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any, Final, NamedTuple, Protocol

import msgspec

from meters.samples import Sample
from meters.transformers.expressions import MISSING, found_in


class Unit(NamedTuple):
    """What one delivery (a notification, a POST, a poll) brings to one place of a sink.

    `fresh` are new samples in the order they came. `replaced` are samples that went by here
    before, by their ids, and have another volume now; `withdrawn` are those that should not have.
    No id is in more than one of them.
    """

    fresh: Sequence[Sample]
    replaced: Sequence[Sample] = ()
    withdrawn: Sequence[Sample] = ()


class Flow(NamedTuple):
    """Units in the order they came.

    `unusable` counts samples that nothing could be made of: they came too late, or an expression
    has no value for them.
    """

    units: Sequence[Unit]
    unusable: int = 0

    @property
    def samples(self) -> Iterator[Sample]:
        """The new samples of all units."""
        return chain.from_iterable(unit.fresh for unit in self.units)

    @property
    def corrections(self) -> Iterator[Sample]:
        """Those that are replaced or withdrawn."""
        return chain.from_iterable((*unit.replaced, *unit.withdrawn) for unit in self.units)

    def __bool__(self) -> bool:
        """Whether anything is on its way."""
        return any(any(unit) for unit in self.units)


class View(Protocol):
    """A cell's content while it is worked with."""

    def write(self) -> None:
        """Put into the cell what has changed."""


class Cell:
    """What is remembered under one key: bytes that only their transformers understand.

    `newest` is small and read always. `state` and `history` are read when they are needed, and are
    None until then; whoever changes them sets `whole`. What is set as `aside` is put behind the
    history, unread. `due` is when the cell wants to be looked at although nothing comes.
    """

    __slots__ = ("aside", "changed", "due", "history", "newest", "state", "view", "whole")

    def __init__(
        self, newest: bytes, state: bytes | None = None, history: bytes | None = None
    ) -> None:
        self.newest = newest
        self.state = state
        self.history = history
        self.aside = b""
        self.due: datetime | None = None
        self.changed = False
        self.whole = False
        self.view: View | None = None


class Memory(Protocol):
    """The cells of the keys that were asked for; what others do with them waits until we commit."""

    def cells(self, keys: Sequence[bytes]) -> Mapping[bytes, Cell]:
        """A cell for each of the keys, empty where nothing is remembered."""

    def read_whole(self, keys: Sequence[bytes]) -> None:
        """Fill in `state` and `history` of these cells, which were asked for before."""


class Terms(NamedTuple):
    """What all transformers go by: the present moment, and how far back late samples count."""

    now: datetime
    window: int  # microseconds


class Transformer(Protocol):
    """One step of a sink."""

    def keys(self, flow: Flow) -> Sequence[bytes]:
        """What it wants to remember while it handles the flow."""

    def handle(self, flow: Flow, memory: Memory, terms: Terms) -> Flow:
        """What comes out of it."""


@lru_cache(4_096)
def metadata_of(metadata: bytes) -> Mapping[str, Any]:
    """Metadata as an object; neighbours share it."""
    found: dict[str, Any] = msgspec.json.decode(metadata)
    return found


# By the original's names.
ATTRIBUTES: Final[Mapping[str, Callable[[Sample], Any]]] = {
    "volume": lambda sample: sample.volume,
    "name": lambda sample: sample.meter,
    "unit": lambda sample: sample.unit,
    "type": lambda sample: sample.type,
    "resource_id": lambda sample: sample.resource,
    "project_id": lambda sample: sample.project,
    "user_id": lambda sample: sample.user,
    "source": lambda sample: sample.source,
    "timestamp": lambda sample: sample.timestamp.isoformat(),
    "id": lambda sample: str(sample.message_id),
    "resource_metadata": lambda sample: metadata_of(sample.metadata),
}


def attribute(sample: Sample, path: Sequence[str]) -> Any:
    """What expressions find at a path of a sample; MISSING where there is nothing."""
    first, *rest = path
    if first not in ATTRIBUTES:
        return MISSING
    value = ATTRIBUTES[first](sample)
    return found_in(value, rest) if rest else value


def volume_of(sample: Sample) -> float:
    """Its volume: a sink lets no sample in that has none."""
    return sample.volume or 0.0
