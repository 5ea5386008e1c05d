"""The ids of series and of metadata, cached by each process; all misses are resolved at once.

An entry enters a cache only when the transaction that found it has committed: what it made would
be gone after a rollback. The caches belong to a database, by its name.
"""

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from hashlib import blake2b
from sys import intern
from threading import Lock
from typing import Generic, TypeAlias, TypeVar, cast

import msgspec
from django.db import connection, transaction

from meters.samples import Sample

SeriesName: TypeAlias = tuple[str, str, str | None, str, str | None, str | None, str | None]
Key = TypeVar("Key", bound=Hashable)

# Writers share it on PostgreSQL; whoever deletes names holds it alone.
NAMES_LOCK = 0x5A3B1F
# Some tens of megabytes each at the most.
MAX_SERIES = 200_000
MAX_SNAPSHOTS = 20_000
MAX_SNAPSHOT_BYTES = 32 * 1024 * 1024


class Cache(Generic[Key]):
    """Ids by name, shared by threads; past its bounds the entries made first go first."""

    def __init__(
        self,
        most: int,
        most_weight: int,
        weigh: Callable[[Key], int],
        kept: Callable[[Key], Key] = lambda key: key,
    ) -> None:
        self._most = most
        self._most_weight = most_weight
        self._weigh = weigh
        self._kept = kept
        self._lock = Lock()
        self._weight = 0
        self._ids: dict[Key, int] = {}
        self.get = self._ids.get

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, found: dict[Key, int]) -> None:
        """Keep these too."""
        with self._lock:
            for key, number in found.items():
                if key not in self._ids:
                    self._weight += self._weigh(key)
                    self._ids[self._kept(key)] = number
            while len(self._ids) > self._most or self._weight > self._most_weight:
                oldest = next(iter(self._ids))
                del self._ids[oldest]
                self._weight -= self._weigh(oldest)


class Names:
    """The two caches of one database."""

    def __init__(self) -> None:
        self.series: Cache[SeriesName] = Cache(MAX_SERIES, MAX_SERIES, lambda _: 1, interned)
        self.snapshots: Cache[bytes] = Cache(MAX_SNAPSHOTS, MAX_SNAPSHOT_BYTES, len)


_names: dict[str, tuple[int, Names]] = {}


def names(generation: int) -> Names:
    """The caches of the database we are connected to.

    Those of another generation are forgotten: ids in them may have been deleted.
    """
    database = str(connection.settings_dict["NAME"])
    known = _names.get(database)
    if known is None or known[0] != generation:
        known = _names[database] = (generation, Names())
    return known[1]


def forget() -> None:
    """Empty all caches, after tables have been emptied under them."""
    _names.clear()


def resolve(
    keys: Sequence[Key], cache: Cache[Key], find: Callable[[list[Key]], dict[Key, int]]
) -> list[int]:
    """The id of each key; `find` finds or makes those that the cache does not know, all at once."""
    known = list(map(cache.get, keys))
    if None in known:
        missing = [key for key, number in zip(keys, known, strict=True) if number is None]
        found = find(list(dict.fromkeys(missing)))
        transaction.on_commit(partial(cache.add, found))
        known = [found.get(key, number) for key, number in zip(keys, known, strict=True)]
    return cast(list[int], known)


def ids_of(
    samples: Sequence[Sample],
    generation: int,
    find_series: Callable[[list[SeriesName]], dict[SeriesName, int]],
    find_snapshots: Callable[[list[bytes]], dict[bytes, int]],
) -> tuple[list[int], list[int]]:
    """The series and the snapshot of each sample; series come first, as all writers lock them."""
    known = names(generation)
    # Spelled out: it takes two thirds of the time that attrgetter does.
    named = [(s.meter, s.type, s.unit, s.resource, s.project, s.user, s.source) for s in samples]
    series = resolve(named, known.series, find_series)
    snapshots = resolve([s.metadata for s in samples], known.snapshots, find_snapshots)
    return series, snapshots


def interned(name: SeriesName) -> SeriesName:
    """The name made of texts that other names share: small, and quick to compare."""
    return cast(SeriesName, tuple(None if text is None else intern(text) for text in name))


def series_hash(name: SeriesName) -> bytes:
    """16 bytes that keep NULL apart from the empty text."""
    return short_hash(msgspec.json.encode(name))


def short_hash(content: bytes) -> bytes:
    """16 bytes for each distinct content."""
    return blake2b(content, digest_size=16).digest()
