"""What is made of a file, made anew when the file has changed."""

import hashlib
import logging
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

from telemetry_site.core.errors import TelemetryError

T = TypeVar("T")
LOOK_EVERY = 1.0  # seconds

logger = logging.getLogger(__name__)


class _Known(NamedTuple, Generic[T]):
    path: Path
    stamp: tuple[int, int]
    digest: bytes
    made: T


class Current(Generic[T]):
    """Made of the file that `file` names, and again when its content is another.

    A change that cannot be used is told to the log, and what was made before stays in use.
    """

    def __init__(self, file: Callable[[], Path], make: Callable[[Path], T]) -> None:
        self._file = file
        self._make = make
        self._known: _Known[T] | None = None
        self._look_at = 0.0
        self._lock = Lock()

    def get(self) -> T:
        """What is in use. Raises what `make` raises, when nothing of this file is yet."""
        known, path = self._known, self._file()
        if known and known.path == path and time.monotonic() < self._look_at:
            return known.made
        with self._lock:
            self._look_at = time.monotonic() + LOOK_EVERY
            if self._known is None or self._known.path != path:
                self._known = self._load(path)
            else:
                self._known = self._again(self._known)
            return self._known.made

    def forget(self) -> None:
        """Make it anew when it is asked for."""
        self._known = None

    def _again(self, known: "_Known[T]") -> "_Known[T]":
        """The modification time says whether to read it, its content whether it is another."""
        if _stamp_or_none(known.path) == known.stamp:
            return known
        try:
            stamp, digest = _stamp(known.path), _digest(known.path)
            if digest == known.digest:
                return known._replace(stamp=stamp)
            made = self._make(known.path)
        except (OSError, TelemetryError) as error:
            logger.error("What was in use before stays in use: %s", error)
            return known._replace(stamp=_stamp_or_none(known.path))
        logger.info("%s has changed and is in use now.", known.path)
        return _Known(known.path, stamp, digest, made)

    def _load(self, path: Path) -> "_Known[T]":
        stamp, digest = _stamp(path), _digest(path)  # before it is read: it may change meanwhile
        return _Known(path, stamp, digest, self._make(path))


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


def _stamp_or_none(path: Path) -> tuple[int, int]:
    try:
        return _stamp(path)
    except OSError:
        return (0, 0)


def _digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()
