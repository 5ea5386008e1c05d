"""What is remembered of one meter of a resource: points in the order of time, packed small."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import timedelta
from hashlib import blake2b
from struct import Struct
from typing import NamedTuple
from uuid import UUID

import msgspec

from meters.samples import Sample
from meters.transformers.flow import Cell
from telemetry_site.core.clock import EPOCH

SHORT = 16  # points that are read and written each time; older ones only when they are needed
MICROSECOND = timedelta(microseconds=1)
MOST_KINDS = 50_000  # remembered in the process

_point = Struct("<q16sd8s")
_pack, _unpack, _points = _point.pack, _point.unpack, _point.iter_unpack
SIZE = _point.size


class Point(NamedTuple):
    """A volume at a time, in microseconds; with its id it has its place among equal times.

    `kind` stands for what else a sample has, which mostly is as before.
    """

    time: int
    id: bytes
    volume: float
    kind: bytes


class Kind(msgspec.Struct, frozen=True, array_like=True):
    """What a sample has beside its key, its time and its volume."""

    type: str
    unit: str | None
    user: str | None
    metadata: bytes


_encode_kind = msgspec.msgpack.Encoder().encode
_encode_kinds = msgspec.msgpack.Encoder().encode
_decode_kinds = msgspec.msgpack.Decoder(dict[bytes, Kind]).decode
_kinds: dict[tuple[str, str | None, str | None, bytes], bytes] = {}


def kind_of(sample: Sample) -> bytes:
    """Eight bytes for each distinct kind."""
    parts = (sample.type, sample.unit, sample.user, sample.metadata)
    known = _kinds.get(parts)
    if known is None:
        if len(_kinds) >= MOST_KINDS:
            _kinds.clear()
        content = _encode_kind(Kind(*parts))
        known = _kinds[parts] = blake2b(content, digest_size=8).digest()
    return known


class Trail:
    """The points of one key while a batch is handled.

    As long as samples come in the order of time and are of the kind they were, the last point is
    enough (`last`), and they are put behind it. Everything else is `slow`: it takes all points.
    """

    __slots__ = ("_appended", "_cell", "_kinds", "_points", "last", "room", "slow")

    def __init__(self, cell: Cell) -> None:
        self._cell = cell
        self._appended: list[bytes] = []
        self._points: list[Point] = []
        self._kinds: dict[bytes, Kind] = {}
        newest = cell.newest
        self.last = Point._make(_unpack(newest[-SIZE:])) if newest else None
        self.room = SHORT - len(newest) // SIZE
        self.slow = not newest

    def append(self, point: Point) -> None:
        """Behind the last one."""
        self._appended.append(_pack(*point))
        self.last = point

    def open(self) -> None:
        """Look at all points; the cell holds what is older by now."""
        cell = self._cell
        stored = (cell.older or b"") + cell.newest
        self._points = [Point._make(row) for row in _points(stored)]
        self._kinds = _decode_kinds(cell.kinds) if cell.kinds else {}

    def index(self, point: Point) -> int:
        """Where it stands, or would."""
        return bisect_left(self._points, point[:2], key=lambda one: one[:2])

    def at(self, index: int) -> Point | None:
        """The point there, if there is one."""
        return self._points[index] if 0 <= index < len(self._points) else None

    def point(self, index: int) -> Point:
        """The point that stands there."""
        return self._points[index]

    def holds(self, index: int, point: Point) -> bool:
        """Whether the point of this time and id stands there."""
        found = self.at(index)
        return found is not None and found[:2] == point[:2]

    def put(self, index: int, point: Point, sample: Sample, *, over: bool = False) -> None:
        """Between the others, or over the one that is there."""
        self._points[index : index + over] = [point]
        if point.kind not in self._kinds:
            self._kinds[point.kind] = Kind(sample.type, sample.unit, sample.user, sample.metadata)

    def remove(self, index: int) -> None:
        """Take it out."""
        del self._points[index]

    def sample(self, point: Point, like: Sample) -> Sample:
        """The sample of a point; `like` is one of the same key."""
        kind = self._kinds[point.kind]
        return Sample(
            like.meter, kind.type, kind.unit, point.volume, like.resource, like.project, kind.user,
            like.source, EPOCH + timedelta(microseconds=point.time), UUID(bytes=point.id),
            kind.metadata,
        )  # fmt: skip

    def too_late(self, time: int, window: int) -> bool:
        """Whether it is further back than points are kept."""
        return bool(self._points) and time < self._points[-1].time - window

    def close(self, window: int) -> None:
        """Write back what has changed."""
        if self.slow:
            self._write_all(window)
        elif self._appended:
            self._cell.newest += b"".join(self._appended)
            self._cell.changed = True

    def _write_all(self, window: int) -> None:
        """The points of the window and the one before it, which the first of them follows."""
        if not self._points:
            self._cell.newest, self._cell.older, self._cell.kinds = b"", b"", b""
            self._cell.changed = True
            return
        since = self._points[-1].time - window
        first = max(0, bisect_left(self._points, since, key=lambda one: one.time) - 1)
        kept = self._points[first:]
        used = {point.kind for point in kept}
        kinds = {name: kind for name, kind in self._kinds.items() if name in used}
        self._cell.older = b"".join(_packed(kept[:-1]))
        self._cell.newest = b"".join(_packed(kept[-1:]))
        self._cell.kinds = _encode_kinds(kinds)
        self._cell.changed = True


def _packed(points: list[Point]) -> Iterator[bytes]:
    return (_pack(*point) for point in points)
