"""What is remembered of the meters of a resource: points in the order of time, packed small."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import timedelta
from hashlib import blake2b
from struct import Struct
from typing import Final, TypeAlias
from uuid import UUID

import msgspec

from meters.samples import Sample
from meters.transformers.flow import Cell
from telemetry_site.core.clock import EPOCH

MICROSECOND = timedelta(microseconds=1)
FEW = 16  # points that are read and written with every sample
# Of the history, so many are let go unread; then what is out of the window is sorted out.
UNSORTED = 256
MOST_KINDS = 50_000  # remembered in the process
STALE = 7 * 86_400_000_000  # microseconds after which a meter that others have outlived goes

# The entry it belongs to (a transformer and a meter), its time in microseconds, its id (which is
# its place among equal times), its volume, and its kind: what else a sample has, mostly as before.
Point: TypeAlias = tuple[bytes, int, bytes, float, bytes]
ENTRY: Final = 0
TIME: Final = 1
ID: Final = 2
VOLUME: Final = 3
KIND: Final = 4

_point = Struct("<8sq16sd8s")
_pack, _points, SIZE = _point.pack, _point.iter_unpack, _point.size
# How many points of the history are sorted, how many have come to it since, and how many entries
# there are: their last points come first, then what has come of late, these among it.
_head = Struct("<III")
_NOTHING = bytes(_head.size)


class Kind(msgspec.Struct, frozen=True, array_like=True):
    """What a sample has beside its meter, its resource's owner, its time and its volume."""

    type: str
    unit: str | None
    user: str | None
    metadata: bytes


_encode_kind = msgspec.msgpack.Encoder().encode
_encode_kinds = msgspec.msgpack.Encoder().encode
_decode_kinds = msgspec.msgpack.Decoder(dict[bytes, Kind]).decode
kinds: dict[tuple[str, str | None, str | None, bytes], bytes] = {}  # those that are known


def kind_of(sample: Sample) -> bytes:
    """Eight bytes for each distinct kind."""
    parts = (sample.type, sample.unit, sample.user, sample.metadata)
    known = kinds.get(parts)
    if known is None:
        if len(kinds) >= MOST_KINDS:
            kinds.clear()
        known = kinds[parts] = blake2b(_encode_kind(Kind(*parts)), digest_size=8).digest()
    return known


class Trails:
    """The points of one cell while a batch is handled, by their entries.

    As long as samples come in the order of time and are of the kind they were, the last point of
    an entry is enough (`last`), and they are put behind it (`added`). Everything else takes all
    points: the trails are then `slow`, and `open` once they have been looked at whole.
    """

    __slots__ = (
        "_cell", "_kinds", "_sorted", "_tail", "_trails", "_unsorted", "_window", "added", "last",
        "open", "slow",
    )  # fmt: skip

    def __init__(self, cell: Cell, window: int) -> None:
        self._cell = cell
        self._window = window
        newest = cell.newest or _NOTHING
        self._sorted, self._unsorted, entries = _head.unpack_from(newest)
        end = _head.size + entries * SIZE
        self._tail = newest[end:]
        self.added: list[Point] = []
        self.last: dict[bytes, Point] = {
            point[0]: point for point in _points(newest[_head.size : end])
        }
        self.open = False
        self.slow = self._unsorted > max(UNSORTED, self._sorted)

    def unfold(self) -> None:
        """Look at all points; the cell has been read whole by now."""
        if self.open:
            return
        cell, self.open = self._cell, True
        self._kinds: dict[bytes, Kind] = _decode_kinds(cell.state) if cell.state else {}
        self._trails: dict[bytes, list[Point]] = {}
        found = {*_points((cell.history or b"") + self._tail), *self.added}
        for point in sorted(found):
            self._trails.setdefault(point[ENTRY], []).append(point)

    def trail(self, entry: bytes) -> list[Point]:
        """All points of an entry, in the order of time; to be changed by `put` and `remove`."""
        return self._trails.setdefault(entry, [])

    def put(self, index: int, point: Point, sample: Sample, *, over: bool = False) -> None:
        """Between the others, or over the one that is there."""
        self.trail(point[ENTRY])[index : index + over] = [point]
        if point[KIND] not in self._kinds:
            kind = Kind(sample.type, sample.unit, sample.user, sample.metadata)
            self._kinds[point[KIND]] = kind

    def sample(self, point: Point, like: Sample) -> Sample:
        """The sample of a point; `like` is one of the same entry."""
        kind = self._kinds[point[KIND]]
        return Sample(
            like.meter, kind.type, kind.unit, point[VOLUME], like.resource, like.project, kind.user,
            like.source, EPOCH + timedelta(microseconds=point[TIME]), UUID(bytes=point[ID]),
            kind.metadata,
        )  # fmt: skip

    def too_late(self, entry: bytes, time: int) -> bool:
        """Whether it is further back than points are kept."""
        trail = self.trail(entry)
        return bool(trail) and time < trail[-1][TIME] - self._window

    def write(self) -> None:
        """Put into the cell what has changed."""
        if self.open:
            self._write_whole()
        elif self.added:
            added = _packed(self.added)
            tail = self._tail + added
            if len(tail) > SIZE * FEW:
                self._cell.aside = tail
                self._unsorted += len(tail) // SIZE
                tail = b""
            newest = list(self.last.values())
            last = added if newest == self.added else _packed(newest)
            self._cell.newest = self._head(self._sorted) + last + tail
            self._cell.changed = True

    def _write_whole(self) -> None:
        cell, kept = self._cell, list(self._kept())
        used = {point[KIND] for trail in kept for point in trail}
        cell.history = _packed([one for trail in kept for one in trail])
        self._unsorted = 0
        self.last = {trail[-1][ENTRY]: trail[-1] for trail in kept}
        in_order = len(cell.history) // SIZE
        cell.newest = self._head(in_order) + _packed(self.last.values())
        cell.state = _encode_kinds(
            {name: kind for name, kind in self._kinds.items() if name in used}
        )
        cell.whole = True

    def _head(self, in_order: int) -> bytes:
        return _head.pack(in_order, self._unsorted, len(self.last))

    def _kept(self) -> Iterator[list[Point]]:
        """Of each entry the points of the window, and the one before, which the first follows."""
        trails = [trail for trail in self._trails.values() if trail]
        newest = max((trail[-1][TIME] for trail in trails), default=0)
        for trail in trails:
            since = trail[-1][TIME] - self._window
            if trail[-1][TIME] >= newest - STALE:
                yield trail[max(0, bisect_left(trail, since, key=_time) - 1) :]


def place(trail: list[Point], point: Point) -> int:
    """Where a point stands, or would."""
    return bisect_left(trail, (point[TIME], point[ID]), key=_order)


def holds(trail: list[Point], index: int, point: Point) -> bool:
    """Whether the point of this time and id stands there."""
    return index < len(trail) and trail[index][1:3] == point[1:3]


def shared(cell: Cell, window: int) -> Trails:
    """The trails of a cell, which all transformers that use it share."""
    if cell.view is None:
        cell.view = Trails(cell, window)
    return cell.view  # type: ignore[return-value]  # its key is one of trails


def _time(point: Point) -> int:
    return point[TIME]


def _order(point: Point) -> tuple[int, bytes]:
    return point[TIME], point[ID]


def _packed(points: Iterable[Point]) -> bytes:
    return b"".join([_pack(*point) for point in points])
