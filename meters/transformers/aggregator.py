"""aggregator: one sample for many of a meter and resource."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from meters.ids import made_from
from meters.samples import NO_METADATA, Sample
from meters.transformers.expressions import NoValue
from meters.transformers.flow import Flow, Memory, Terms, Unit, volume_of
from meters.transformers.target import BadParameters, Naming, Place, Scale, number, text, whole

Policy = Literal["", "first", "last", "drop"]
_POLICIES = ("", "first", "last", "drop")


class Sum(msgspec.Struct, array_like=True):
    """What was made of so many samples of one key; `ids` is a digest of theirs."""

    sample: Sample
    count: int
    ids: bytes


class State(msgspec.Struct, array_like=True):
    """How many samples came since the last flush, since when, and their sums by key."""

    count: int = 0
    first: datetime | None = None
    sums: dict[str, Sum] = {}


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(State).decode


class Aggregator:
    """Lets its sums go at the end of a unit of delivery when `size` samples have come, or when the
    first of them is older than `retention_time` seconds.

    Gauges come out as averages, deltas as sums, of cumulative meters the last volume. `project_id`,
    `user_id` and `resource_metadata` say whether the first or the last survives; samples of several
    projects or users are kept apart where nothing is said of these. Sources always are.
    """

    def __init__(self, parameters: Mapping[str, Any], place: Place) -> None:
        self._naming, self._scale = Naming(parameters, place), Scale(parameters)
        self._root, self._key = place.root, place.fingerprint
        self._retention = number(parameters.get("retention_time"))
        size = whole(parameters, "size", None if self._retention else 1)
        self._size = size or None
        self._project = _policy(parameters, "project_id", "")
        self._user = _policy(parameters, "user_id", "")
        self._metadata = _policy(parameters, "resource_metadata", "last")
        self._timestamp = _policy(parameters, "timestamp", "first")

    def keys(self, flow: Flow) -> Sequence[bytes]:
        """See Transformer.keys."""
        return (self._key,)

    def handle(self, flow: Flow, memory: Memory, terms: Terms) -> Flow:
        """See Transformer.handle. What is replaced or withdrawn later is not taken back."""
        cell = memory.cells([self._key])[self._key]
        memory.read_whole([self._key])
        state, unusable = _decode(cell.state) if cell.state else State(sums={}), 0
        units = []
        for unit in flow.units:
            for sample in unit.fresh:
                unusable += not self._add(state, sample)
            full = self._is_due(state, terms.now)
            units.append(Unit(self._emitted(state) if full else ()))
            state = State(sums={}) if full else state
        cell.state, cell.whole = _encode(state) if state.count else b"", True
        cell.due = self._due(state)
        return Flow(units, unusable)

    def _add(self, state: State, sample: Sample) -> bool:
        """Whether it could be added."""
        try:
            volume = self._scale.scaled(sample, volume_of(sample))
        except NoValue:
            return False
        state.count += 1
        state.first = state.first or sample.timestamp
        key = self._name(sample)
        known = state.sums.get(key)
        if known is None:
            made = self._naming.made(sample, self._scale.bounded(volume))
            metadata = NO_METADATA if self._metadata == "drop" else made.metadata
            made = replace(made, metadata=metadata)
            state.sums[key] = Sum(made, 1, sample.message_id.bytes)
        else:
            self._merge(known, sample, volume)
        return True

    def _merge(self, known: Sum, sample: Sample, volume: float) -> None:
        before = known.sample
        total = volume if before.type == "cumulative" else volume_of(before) + volume
        known.sample = replace(
            before,
            volume=total,
            project=sample.project if self._project == "last" else before.project,
            user=sample.user if self._user == "last" else before.user,
            metadata=sample.metadata if self._metadata == "last" else before.metadata,
            timestamp=sample.timestamp if self._timestamp == "last" else before.timestamp,
        )
        known.count += 1
        known.ids = blake2b(known.ids + sample.message_id.bytes, digest_size=16).digest()

    def _is_due(self, state: State, now: datetime) -> bool:
        due = self._due(state)
        full = bool(self._size) and state.count >= (self._size or 0)
        return bool(state.count) and (full or (due is not None and due < now))

    def _due(self, state: State) -> datetime | None:
        """When the sums go although nothing comes."""
        if state.first is None or not self._retention:
            return None
        return state.first + timedelta(seconds=self._retention)

    def _emitted(self, state: State) -> list[Sample]:
        return [self._whole(one) for one in state.sums.values()]

    def _whole(self, one: Sum) -> Sample:
        sample, volume = one.sample, volume_of(one.sample)
        return replace(
            sample,
            volume=volume / one.count if sample.type == "gauge" else volume,
            message_id=made_from(self._root, one.ids),
        )

    def _name(self, sample: Sample) -> str:
        """The key of its sum."""
        owners = [None if self._project else sample.project, None if self._user else sample.user]
        parts = (sample.meter, sample.resource, sample.source, *owners)
        return "\0".join("\1" if part is None else part for part in parts)


def _policy(parameters: Mapping[str, Any], name: str, default: Policy) -> Policy:
    """Which of several values survives; an unknown word is the last, as in the original."""
    found = text(parameters, name) or default
    if name == "timestamp" and found not in ("first", "last"):
        return "first"
    if found == "drop" and name != "resource_metadata":
        raise BadParameters(f"{name} cannot be dropped: it must be first or last")
    return found if found in _POLICIES else "last"  # type: ignore[return-value]
