"""What delta and rate_of_change have in common: a sample is put beside the one before it.

Each sample takes its place by its time, whenever it comes: it is compared with the one before it,
and the one after it is compared with it anew. So any order of arrival within the window gives
what the order of time gives. (The original threw away what came late.)
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from itertools import chain
from typing import Any

from meters.samples import Sample
from meters.transformers.expressions import NoValue
from meters.transformers.flow import Cell, Flow, Memory, Terms, Unit, volume_of
from meters.transformers.outcome import Outcome
from meters.transformers.target import Naming, Place
from meters.transformers.trails import MICROSECOND, Point, Trail, kind_of
from telemetry_site.core.clock import EPOCH

MOST_KEYS = 200_000  # remembered in the process

logger = logging.getLogger(__name__)


class Changes:
    """Derives a sample from each and the one before it; see Transformer."""

    def __init__(self, naming: Naming, place: Place) -> None:
        self._naming = naming
        self._fingerprint = place.fingerprint
        self._keys: dict[tuple[Any, ...], bytes] = {}

    def change(self, before: Point, point: Point, sample: Sample) -> float | None:
        """What is made of a point and the one before it; None: nothing. Raises NoValue."""
        raise NotImplementedError

    def keys(self, flow: Flow) -> Sequence[bytes]:
        """See Transformer.keys."""
        return list({self._key(one) for one in chain(flow.samples, flow.corrections)})

    def handle(self, flow: Flow, memory: Memory, terms: Terms) -> Flow:
        """See Transformer.handle."""
        work = _Work(self, memory, terms)
        work.expect(flow)
        units = [work.of_unit(unit) for unit in flow.units]
        work.close()
        return Flow(units, work.unusable)

    def derived(self, before: Point | None, point: Point, sample: Sample) -> Sample | None:
        """The sample that is made, if one is; an expression without a value makes none."""
        if before is None:
            return None
        try:
            volume = self.change(before, point, sample)
        except NoValue as error:
            logger.warning("Nothing is made of %s of %s: %s", sample.meter, sample.resource, error)
            return None
        return None if volume is None else self._naming.made(sample, volume)

    def _key(self, sample: Sample) -> bytes:
        named = (sample.source, sample.project, sample.resource, sample.meter)
        known = self._keys.get(named)
        if known is None:
            if len(self._keys) >= MOST_KEYS:
                self._keys.clear()
            known = self._keys[named] = key_of(self._fingerprint, *named)
        return known


class _Work:
    """One flow through one transformer."""

    def __init__(self, transformer: Changes, memory: Memory, terms: Terms) -> None:
        self._of = transformer
        self._memory = memory
        self._window = terms.window
        self._trails: dict[bytes, Trail] = {}
        self._cells: Mapping[bytes, Cell] = {}
        self._moment, self._time = EPOCH, 0
        self._outcome = Outcome()
        self.unusable = 0

    def expect(self, flow: Flow) -> None:
        """See which keys need more than their last point, and have it read at once."""
        self._cells = self._memory.cells(self._of.keys(flow))
        ends: dict[bytes, tuple[int, bytes]] = {}
        for sample in flow.samples:
            key, trail = self._trail(sample)
            if trail.slow:
                continue
            last, time, kind = trail.last, self._microseconds(sample.timestamp), kind_of(sample)
            end = ends.get(key) or (last.time, last.kind) if last else None
            trail.room -= 1
            if end is None or time <= end[0] or kind != end[1] or trail.room < 0:
                trail.slow = True
            ends[key] = (time, kind)
        for sample in flow.corrections:
            self._trail(sample)[1].slow = True
        slow = [key for key, trail in self._trails.items() if trail.slow]
        if slow:
            self._memory.read_older(slow)
            for key in slow:
                self._trails[key].open()

    def of_unit(self, unit: Unit) -> Unit:
        """What comes of a unit."""
        outcome = self._outcome = Outcome()
        for sample in unit.fresh:
            _, trail = self._trail(sample)
            point = self._point(sample)
            if trail.slow:
                self._insert(trail, point, sample)
                continue
            made = self._of.derived(trail.last, point, sample)
            trail.append(point)
            if made is not None:
                outcome.add(made)
        for sample in unit.replaced:
            self._replace(sample)
        for sample in unit.withdrawn:
            self._withdraw(sample)
        return outcome.unit()

    def close(self) -> None:
        """Have it all remembered."""
        for trail in self._trails.values():
            trail.close(self._window)

    def _replace(self, sample: Sample) -> None:
        """A sample that was here before has another volume."""
        _, trail = self._trail(sample)
        point = self._point(sample)
        index = trail.index(point)
        if not trail.holds(index, point):
            self._insert(trail, point, sample)
            return
        old, before = trail.point(index), trail.at(index - 1)
        self._follow(trail, index + 1, old, point, sample)
        was = self._of.derived(before, old, trail.sample(old, sample))
        trail.put(index, point, sample, over=True)
        self._differ(was, self._of.derived(before, point, sample))

    def _withdraw(self, sample: Sample) -> None:
        """A sample that was here before is no more."""
        _, trail = self._trail(sample)
        point = self._point(sample)
        index = trail.index(point)
        if not trail.holds(index, point):
            return
        old, before = trail.point(index), trail.at(index - 1)
        self._follow(trail, index + 1, old, before, sample)
        self._differ(self._of.derived(before, old, trail.sample(old, sample)), None)
        trail.remove(index)

    def _insert(self, trail: Trail, point: Point, sample: Sample) -> None:
        index = trail.index(point)
        if trail.holds(index, point):
            return
        if trail.too_late(point.time, self._window):
            self.unusable += 1
            return
        before = trail.at(index - 1)
        made = self._of.derived(before, point, sample)
        if made is not None:
            self._outcome.add(made)
        self._follow(trail, index, before, point, sample)
        trail.put(index, point, sample)

    def _follow(
        self, trail: Trail, index: int, was: Point | None, now: Point | None, like: Sample
    ) -> None:
        """The point at the index follows another one than it did."""
        after = trail.at(index)
        if after is not None:
            sample = trail.sample(after, like)
            made = self._of.derived(was, after, sample), self._of.derived(now, after, sample)
            self._differ(*made)

    def _differ(self, was: Sample | None, now: Sample | None) -> None:
        """A sample was made, and another one should be."""
        if was == now:
            return
        if now is None:
            if was is not None:
                self._outcome.withdraw(was)
        elif was is None:
            self._outcome.add(now)
        else:
            self._outcome.replace(now)

    def _trail(self, sample: Sample) -> tuple[bytes, Trail]:
        key = self._of._key(sample)
        trail = self._trails.get(key)
        if trail is None:
            trail = self._trails[key] = Trail(self._cells[key])
        return key, trail

    def _point(self, sample: Sample) -> Point:
        time = self._microseconds(sample.timestamp)
        return Point(time, sample.message_id.bytes, volume_of(sample), kind_of(sample))

    def _microseconds(self, moment: datetime) -> int:
        if moment is not self._moment:  # neighbours share it
            self._moment, self._time = moment, (moment - EPOCH) // MICROSECOND
        return self._time


def key_of(fingerprint: bytes, *parts: str | None) -> bytes:
    """16 bytes for what is remembered; a part that is null is not the empty text."""
    named = "\0".join("\1" if part is None else part for part in parts)
    return blake2b(fingerprint + named.encode(), digest_size=16).digest()
