"""Samples on their way through a sink, and what a transformer may remember."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple, Protocol

import msgspec

from meters.samples import Sample


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


class Cell:
    """What is remembered under one key: bytes that only their transformer understands.

    `newest` is small and read always; `older` and `kinds` are read when they are needed, and are
    None until then. `due` is when the cell wants to be looked at although nothing comes.
    """

    __slots__ = ("changed", "due", "kinds", "newest", "older")

    def __init__(
        self, newest: bytes, older: bytes | None = None, kinds: bytes | None = None
    ) -> None:
        self.newest = newest
        self.older = older
        self.kinds = kinds
        self.due: datetime | None = None
        self.changed = False


class Memory(Protocol):
    """The cells of the keys that were asked for; what others do with them waits until we commit."""

    def cells(self, keys: Sequence[bytes]) -> Mapping[bytes, Cell]:
        """A cell for each of the keys, empty where nothing is remembered."""

    def read_older(self, keys: Sequence[bytes]) -> None:
        """Fill in `older` and `kinds` of these cells, which were asked for before."""


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


_decode = msgspec.json.Decoder().decode


def attributes(sample: Sample) -> dict[str, Any]:
    """A sample as expressions see it, by the original's names."""
    return {
        "volume": sample.volume,
        "name": sample.meter,
        "unit": sample.unit,
        "type": sample.type,
        "resource_id": sample.resource,
        "project_id": sample.project,
        "user_id": sample.user,
        "source": sample.source,
        "timestamp": sample.timestamp.isoformat(),
        "id": str(sample.message_id),
        "resource_metadata": metadata_of(sample),
    }


def metadata_of(sample: Sample) -> dict[str, Any]:
    """Its metadata as an object."""
    found: dict[str, Any] = _decode(sample.metadata)
    return found


def volume_of(sample: Sample) -> float:
    """Its volume: a sink lets no sample in that has none."""
    return sample.volume or 0.0
