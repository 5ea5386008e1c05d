"""file://: a line for each record, in files that are rotated when they become large."""

import os
from pathlib import Path
from typing import ClassVar

import msgspec

from telemetry_site.core.publishers.address import Address, BadAddress, truth, whole
from telemetry_site.core.publishers.publisher import PLAIN, Document, Parcel, PublishError

_encode = msgspec.json.Encoder().encode


class FilePublisher:
    """Lines of JSON with the option json, else as Python prints an object.

    With max_bytes and backup_count, a file that would become larger is named FILE.1, FILE.1 becomes
    FILE.2, and so on up to that count. After a crash the last parcel may be there twice, never half
    a line: an unfinished last line is cut off.
    """

    form: ClassVar[str] = PLAIN

    def __init__(self, address: Address) -> None:
        if address.host or not address.path.startswith("/") or address.path.endswith("/"):
            raise BadAddress(f"{address}: it must be file:///path/to/file, with an absolute path")
        self._path = Path(address.path)
        self._json = address.option("json", lambda text: not text or truth(text), False)
        self._most = address.option("max_bytes", whole, 0)
        self._backups = address.option("backup_count", whole, 0)
        self._whole = False  # whether the last line of the file is known to be

    def send(self, parcel: Parcel[Document]) -> None:
        """See Publisher.send."""
        lines = b"".join(self._line(record) for record in parcel.records)
        try:
            self._make_room(len(lines))
            self._append(lines)
        except OSError as error:
            self._whole = False
            raise PublishError(f"{self._path} cannot be written: {error.strerror}") from error

    def close(self) -> None:
        """See Publisher.close. The next may find what another process has left."""
        self._whole = False

    def _line(self, record: Document) -> bytes:
        return (_encode(record) if self._json else str(dict(record)).encode()) + b"\n"

    def _append(self, lines: bytes) -> None:
        with self._path.open("ab") as file:
            if not self._whole:
                _cut(self._path, file.tell())
                self._whole = True
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())

    def _make_room(self, size: int) -> None:
        if not self._most or not self._backups or not self._path.exists():
            return
        if self._path.stat().st_size + size <= self._most:
            return
        for number in range(self._backups - 1, 0, -1):
            older = _numbered(self._path, number)
            if older.exists():
                older.replace(_numbered(self._path, number + 1))
        self._path.replace(_numbered(self._path, 1))


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}")


def _cut(path: Path, size: int) -> None:
    """Take off what stands behind the last line that ends."""
    with path.open("rb+") as file:
        end = size
        while end:
            start = max(0, end - 4_096)
            file.seek(start)
            found = file.read(end - start).rfind(b"\n")
            if found >= 0:
                end = start + found + 1
                break
            end = start
        if end < size:
            file.truncate(end)
