"""Message ids: derived where a source can deliver twice, time-ordered everywhere else."""

import secrets
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha1
from itertools import repeat
from threading import Lock
from uuid import NAMESPACE_URL, UUID, SafeUUID, uuid5

from telemetry_site.core.clock import to_microseconds

LOW = (1 << 62) - 1  # the bits of the counter behind the variant
# UUID's layout, RFC 9562: the version in bits 48 to 51, the variant in 64 and 65.
_WITHOUT_VERSION = ~((0xF << 76) | (3 << 62))
_VERSION_5 = (5 << 76) | (2 << 62)
_UNKNOWN = SafeUUID.unknown
_new = object.__new__
_NAMESPACE = uuid5(NAMESPACE_URL, "telemetry:samples")


def derived_id(*parts: str) -> UUID:
    """The id of a sample whose origin can deliver it twice: equal parts, equal id.

    It is uuid5 of the parts with NUL between them, made without what UUID checks.

    >>> derived_id("a", "b") == derived_id("a", "b") != derived_id("ab")
    True
    """
    return _version_5(_NAMESPACE.bytes + "\0".join(parts).encode())


def made_from(place: bytes, ids: bytes) -> UUID:
    """The id of a sample that was made, at one place, from the samples of these ids.

    `place` is what all ids made there begin with, `ids` the 16 bytes of each in their order.
    """
    return _version_5(place + ids)


def mask_of(place: bytes) -> int:
    """What `masked` takes for a place of 16 bytes: it leaves version and variant as they are."""
    return int.from_bytes(place, "big") & _WITHOUT_VERSION


def masked(identity: UUID, mask: int) -> UUID:
    """The id of a sample that was made, at one place, of the one with this id.

    Other ids give others, and so do, but for one chance in 2**122, other places. It takes a third
    of the time of a hash, and there are as many of them as of samples.
    """
    made = _new(UUID)
    _put_number(made, identity.int ^ mask)
    _put_safety(made, _UNKNOWN)
    return made


def _version_5(content: bytes) -> UUID:
    made = _new(UUID)
    digest = sha1(content, usedforsecurity=False).digest()
    _put_number(made, int.from_bytes(digest[:16], "big") & _WITHOUT_VERSION | _VERSION_5)
    _put_safety(made, _UNKNOWN)
    return made


class IdMaker:
    """Makes time-ordered ids (UUID version 7 layout, RFC 9562) that only ever grow.

    The 74 bits behind the milliseconds are one counter that starts at a random place for each
    call, so the ids made by one process sort in the order they were made. `random` gives a
    number below 2**73.
    """

    def __init__(self, random: Callable[[], int]) -> None:
        self._random = random
        self._lock = Lock()
        self._last = 0

    def take(self, count: int, now: datetime) -> list[UUID]:
        """So many fresh ids, in ascending order."""
        floor = (to_microseconds(now) // 1000 << 74) | self._random()
        with self._lock:
            start = max(floor, self._last + 1)
            self._last = start + count - 1
        if (start & LOW) + count <= LOW:
            first = _version_7(start)
            return _uuids(range(first, first + count))
        return _uuids([_version_7(number) for number in range(start, start + count)])


def _version_7(number: int) -> int:
    """48 bits of time, 12 and 62 of counter, with version and variant put between them."""
    milliseconds, counter = number >> 74, number & ((1 << 74) - 1)
    high, low = counter >> 62, counter & LOW
    return (milliseconds << 80) | (7 << 76) | (high << 64) | (2 << 62) | low


_put_number, _put_safety = (UUID.__dict__[slot].__set__ for slot in ("int", "is_safe"))


def _uuids(numbers: Sequence[int]) -> list[UUID]:
    """UUID(int=number) for each, without its checks, in a fifth of the time."""
    made = list(map(object.__new__, repeat(UUID, len(numbers))))
    deque(map(_put_number, made, numbers), maxlen=0)
    deque(map(_put_safety, made, repeat(_UNKNOWN)), maxlen=0)
    return made


fresh_ids = IdMaker(lambda: secrets.randbits(73)).take
