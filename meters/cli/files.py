"""The files that commands read and write: lines that are counted, and files that are whole."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from telemetry_site.core.cli.command import Error

STANDARD_INPUT = "-"


class Counted:
    """Lines, and the bytes of those that were read; `total` of them where that is known."""

    def __init__(self, lines: Iterable[bytes], total: int | None = None) -> None:
        self._lines = lines
        self.total = total
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            self.size += len(line)
            yield line


@contextmanager
def opened(file: str) -> Iterator[Counted]:
    """The lines of the file, or of standard input. Raises Error."""
    if file == STANDARD_INPUT:
        yield Counted(sys.stdin.buffer, _size(sys.stdin.buffer))
        return
    try:
        with Path(file).open("rb") as lines:
            yield Counted(lines, _size(lines))
    except OSError as error:
        raise Error(f"{file} cannot be read: {error.strerror}.") from error


def _size(lines: IO[bytes]) -> int | None:
    """Bytes of a file; None for a pipe."""
    try:
        return os.fstat(lines.fileno()).st_size or None
    except OSError:
        return None


@contextmanager
def whole(path: Path, overwrite: bool) -> Iterator[BinaryIO]:
    """A file that has its name only once it is written to its end and on disk. Raises Error."""
    if path.exists() and not overwrite:
        raise Error(f"{path} is there already; name another file, or say --force.")
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except OSError as error:
        raise Error(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
