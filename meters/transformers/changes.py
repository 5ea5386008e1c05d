"""What delta and rate_of_change have in common: a sample is put beside the one before it."""

import logging
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import chain

from meters.samples import Sample
from meters.transformers.expressions import NoValue
from meters.transformers.flow import Flow, Memory, Terms
from meters.transformers.placing import Placing
from meters.transformers.target import Naming, Place
from meters.transformers.trails import Point

MOST_KEYS = 200_000  # remembered in the process
TRAILS = b"trails"

logger = logging.getLogger(__name__)


class Changes:
    """Derives a sample from each and the one before it; see Transformer.

    Each takes its place by its time, whenever it comes. So any order of arrival within the window
    gives what the order of time gives. (The original threw away what came late.)
    """

    def __init__(self, naming: Naming, place: Place) -> None:
        self.made = naming.made
        self._fingerprint = place.fingerprint
        self.entries: dict[str, bytes] = {}

    def change(self, before: Point, point: Point, sample: Sample) -> float | None:
        """What is made of a point and the one before it; None: nothing. Raises NoValue."""
        raise NotImplementedError

    def keys(self, flow: Flow) -> Sequence[bytes]:
        """See Transformer.keys. Meters of one resource and owner share a cell."""
        every = chain(flow.samples, flow.corrections)
        return [trails_key(*owner) for owner in {(s.source, s.project, s.resource) for s in every}]

    def handle(self, flow: Flow, memory: Memory, terms: Terms) -> Flow:
        """See Transformer.handle."""
        work = Placing(self, memory, trails_key, terms.window)
        for unit in flow.units:
            work.meet(unit)
        work.catch_up()
        return Flow([outcome.unit() for outcome in work.outcomes], work.unusable)

    def derived(self, before: Point | None, point: Point, sample: Sample) -> Sample | None:
        """The sample that is made, if one is; an expression without a value makes none."""
        if before is None:
            return None
        try:
            volume = self.change(before, point, sample)
        except NoValue as error:
            logger.warning("Nothing is made of %s of %s: %s", sample.meter, sample.resource, error)
            return None
        return None if volume is None else self.made(sample, volume)

    def entry(self, meter: str) -> bytes:
        """What its points are called in a cell."""
        known = self.entries.get(meter)
        if known is None:
            if len(self.entries) >= MOST_KEYS:
                self.entries.clear()
            content = self._fingerprint + meter.encode()
            known = self.entries[meter] = blake2b(content, digest_size=8).digest()
        return known


@lru_cache(MOST_KEYS)
def trails_key(source: str | None, project: str | None, resource: str) -> bytes:
    """The key of the cell of a resource's trails."""
    return key_of(TRAILS, source, project, resource)


def key_of(fingerprint: bytes, *parts: str | None) -> bytes:
    """16 bytes for what is remembered; a part that is null is not the empty text."""
    named = "\0".join("\1" if part is None else part for part in parts)
    return blake2b(fingerprint + named.encode(), digest_size=16).digest()
