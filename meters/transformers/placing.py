"""Puts the samples of a flow into their trails, and says what is derived from where they stand."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, TypeAlias

from meters.samples import Sample
from meters.transformers.flow import Memory, Unit, volume_of
from meters.transformers.outcome import Outcome
from meters.transformers.trails import (
    MICROSECOND,
    Point,
    Trails,
    holds,
    kind_of,
    kinds,
    place,
    shared,
)
from telemetry_site.core.clock import EPOCH

Owner: TypeAlias = tuple[str | None, str | None, str]


class Derives(Protocol):
    """Makes samples of neighbours."""

    entries: dict[str, bytes]

    def entry(self, meter: str) -> bytes:
        """What the points of the meter are called; remembered in `entries`."""

    def derived(self, before: Point | None, point: Point, sample: Sample) -> Sample | None:
        """The sample that is made of a point and the one before it, if one is."""


class Waiting(NamedTuple):
    """A sample that needs its trails whole; `slot` is its place among what comes out."""

    deal: Callable[["Placing", "Waiting"], None]  # of the class: a bound one would hold its owner
    outcome: Outcome
    slot: int | None
    sample: Sample
    trails: Trails
    point: Point


class Placing:
    """One flow through one transformer.

    What continues a trail is dealt with as it is met. The rest waits until the trails it belongs to
    have been read whole, all at once; it keeps its place among what comes out.
    """

    def __init__(
        self,
        transformer: Derives,
        memory: Memory,
        key: Callable[[str | None, str | None, str], bytes],
        window: int,
    ) -> None:
        self._of = transformer
        self._memory = memory
        self._key = key
        self._window = window
        self._trails: dict[Owner, Trails] = {}
        self._unread: dict[bytes, Trails] = {}
        self._waiting: list[Waiting] = []
        self._moment, self._time = EPOCH, 0
        self.outcomes: list[Outcome] = []
        self.unusable = 0

    def meet(self, unit: Unit) -> None:
        """Take a unit in."""
        outcome = Outcome()
        self.outcomes.append(outcome)
        # Spelled out, not called: it runs for every sample that comes in.
        add, trails_of, of = outcome.new.append, self._trails, self._of
        entries, derived = of.entries, of.derived
        moment, time = self._moment, self._time
        for one in unit.fresh:
            owner = (one.source, one.project, one.resource)
            trails = trails_of.get(owner) or self._found(owner)
            entry = entries.get(one.meter) or of.entry(one.meter)
            kind = kinds.get((one.type, one.unit, one.user, one.metadata)) or kind_of(one)
            if one.timestamp is not moment:  # neighbours share it
                moment = one.timestamp
                time = (moment - EPOCH) // MICROSECOND
            last = trails.last.get(entry)
            if last is None or time <= last[1] or kind != last[4] or trails.slow:
                self._wait(Placing._insert, outcome, owner, one, len(outcome.new))
                add(None)
                continue
            identity = one.message_id.int.to_bytes(16, "big")
            point = (entry, time, identity, one.volume or 0.0, kind)
            trails.last[entry] = point
            trails.added.append(point)
            add(derived(last, point, one))
        self._moment, self._time = moment, time
        for deal, some in (
            (Placing._replace, unit.replaced),
            (Placing._withdraw, unit.withdrawn),
        ):
            for one in some:
                self._wait(deal, outcome, (one.source, one.project, one.resource), one, None)

    def catch_up(self) -> None:
        """Deal with what waits, in its order."""
        if not self._waiting:
            return
        self._memory.read_whole(list(self._unread))
        for trails in self._unread.values():
            trails.unfold()
        for one in self._waiting:
            one.deal(self, one)

    def _wait(
        self,
        deal: Callable[["Placing", Waiting], None],
        outcome: Outcome,
        owner: Owner,
        sample: Sample,
        slot: int | None,
    ) -> None:
        trails = self._trails.get(owner) or self._found(owner)
        trails.slow = True
        self._unread[self._key(*owner)] = trails
        self._waiting.append(Waiting(deal, outcome, slot, sample, trails, self._point(sample)))

    def _insert(self, one: Waiting) -> None:
        """A sample that is new."""
        _, outcome, slot, sample, trails, point = one
        trail = trails.trail(point[0])
        index = place(trail, point)
        if holds(trail, index, point):
            return
        if trails.too_late(point[0], point[1]):
            self.unusable += 1
            return
        before = _at(trail, index - 1)
        made = self._of.derived(before, point, sample)
        if made is not None:
            outcome.add(made, slot)
        self._follow(one, trail, index, before, point)
        trails.put(index, point, sample)

    def _replace(self, one: Waiting) -> None:
        """A sample that was here before has another volume."""
        _, outcome, _, sample, trails, point = one
        trail = trails.trail(point[0])
        index = place(trail, point)
        if not holds(trail, index, point):
            self._insert(one)
            return
        old, before = trail[index], _at(trail, index - 1)
        self._follow(one, trail, index + 1, old, point)
        was = self._of.derived(before, old, trails.sample(old, sample))
        trails.put(index, point, sample, over=True)
        _differ(outcome, was, self._of.derived(before, point, sample))

    def _withdraw(self, one: Waiting) -> None:
        """A sample that was here before is no more."""
        _, outcome, _, sample, trails, point = one
        trail = trails.trail(point[0])
        index = place(trail, point)
        if not holds(trail, index, point):
            return
        old, before = trail[index], _at(trail, index - 1)
        self._follow(one, trail, index + 1, old, before)
        _differ(outcome, self._of.derived(before, old, trails.sample(old, sample)), None)
        del trail[index]

    def _follow(
        self, one: Waiting, trail: Sequence[Point], index: int, was: Point | None, now: Point | None
    ) -> None:
        """The point at the index follows another one than it did."""
        after = _at(trail, index)
        if after is not None:
            sample = one.trails.sample(after, one.sample)
            made = self._of.derived(was, after, sample), self._of.derived(now, after, sample)
            _differ(one.outcome, *made)

    def _found(self, owner: Owner) -> Trails:
        key = self._key(*owner)
        cell = self._memory.cells((key,))[key]
        trails = self._trails[owner] = shared(cell, self._window)
        return trails

    def _point(self, one: Sample) -> Point:
        moment = one.timestamp
        if moment is not self._moment:  # neighbours share it
            self._moment, self._time = moment, (moment - EPOCH) // MICROSECOND
        return (
            self._of.entries.get(one.meter) or self._of.entry(one.meter),
            self._time,
            one.message_id.int.to_bytes(16, "big"),
            volume_of(one),
            kinds.get((one.type, one.unit, one.user, one.metadata)) or kind_of(one),
        )


def _differ(outcome: Outcome, was: Sample | None, now: Sample | None) -> None:
    """A sample was made, and another one should be."""
    if was == now:
        return
    if was is not None and now is not None:
        outcome.replace(now)
    elif was is not None:
        outcome.withdraw(was)
    elif now is not None:
        outcome.add(now)


def _at(trail: Sequence[Point], index: int) -> Point | None:
    return trail[index] if 0 <= index < len(trail) else None
