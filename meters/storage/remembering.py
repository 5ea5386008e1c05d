"""What transformers remember: read and written for a whole batch at once, under locks.

The cells of a key are one worker's until its transaction ends. Keys are locked in their order, so
that two workers never wait for each other in a circle; where they do nevertheless, because both
make new ones, the database ends one of them and its transaction is repeated.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from django.db import connection

from meters.models import TransformerMemory
from meters.transformers.flow import Cell
from telemetry_site.core.clock import to_microseconds
from telemetry_site.core.storage.sql import Sql, run

Row = tuple[bytes, Cell]
KEPT = timedelta(days=7)


class StoredMemory:
    """See Memory. To be used in a transaction, and saved at its end."""

    def __init__(self, now: datetime) -> None:
        self._today = now.date()
        self._cells: dict[bytes, Cell] = {}
        self._table: _Table = TABLES[connection.vendor]()

    def cells(self, keys: Iterable[bytes]) -> Mapping[bytes, Cell]:
        """See Memory.cells."""
        if missing := sorted({key for key in keys if key not in self._cells}):
            self._cells.update(self._locked(missing))
        return self._cells

    def read_older(self, keys: Iterable[bytes]) -> None:
        """See Memory.read_older."""
        wanted = [key for key in keys if self._cells[key].older is None]
        if wanted:
            for key, older, kinds in self._table.older(wanted):
                cell = self._cells[bytes(key)]
                cell.older, cell.kinds = bytes(older), bytes(kinds)

    def save(self) -> None:
        """Write what has changed, in one statement for each way of being written."""
        changed = [(key, cell) for key, cell in sorted(self._cells.items()) if cell.changed]
        if short := [row for row in changed if row[1].older is None]:
            self._table.write_newest(short, self._today)
        if whole := [row for row in changed if row[1].older is not None]:
            self._table.write(whole, self._today)

    def _locked(self, keys: Sequence[bytes]) -> dict[bytes, Cell]:
        found = {key: Cell(newest) for key, newest in self._table.locked(keys)}
        missing = [key for key in keys if key not in found]
        if missing:
            made = self._table.made(missing, self._today)
            found |= {key: Cell(b"", b"", b"") for key in made}
            others = [key for key in missing if key not in made]
            found |= {key: Cell(newest) for key, newest in self._table.locked(others)}
        return found


def due(now: datetime) -> list[bytes]:
    """The keys of cells whose time has come."""
    rows = TransformerMemory.objects.filter(due_at__lte=now).order_by("key")
    return [bytes(key) for key in rows.values_list("key", flat=True)]


def forget(now: datetime) -> int:
    """Delete what nobody has touched for a week; how many keys."""
    rows = TransformerMemory.objects.filter(touched__lt=(now - KEPT).date())
    count, _ = rows.delete()
    return count


class _Table(Protocol):
    """The statements in one database's words."""

    def locked(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        """Key and newest of those that are there, locked in the order of the keys."""

    def made(self, keys: Sequence[bytes], today: date) -> set[bytes]:
        """Empty rows for these; without those that another transaction made meanwhile."""

    def older(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
        """Key, older and kinds."""

    def write_newest(self, rows: Sequence[Row], today: date) -> None:
        """Write that alone."""

    def write(self, rows: Sequence[Row], today: date) -> None:
        """Write all of the rows."""


class _Postgres:
    """Arrays of bytes go as one text each: an array of thousands of parameters is slow to read."""

    def locked(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        text = "SELECT key, newest FROM transformer_memory WHERE key = ANY(%s::bytea[])"
        rows = run(Sql(f"{text} ORDER BY key FOR UPDATE", (_array(keys),))) if keys else []
        return ((bytes(key), bytes(newest)) for key, newest in rows)

    def made(self, keys: Sequence[bytes], today: date) -> set[bytes]:
        text = """
            INSERT INTO transformer_memory (key, newest, older, kinds, touched)
            SELECT key, '', '', '', %s FROM unnest(%s::bytea[]) key ORDER BY key
            ON CONFLICT (key) DO NOTHING RETURNING key
        """
        return {bytes(key) for (key,) in run(Sql(text, (today, _array(keys))))}

    def older(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
        text = "SELECT key, older, kinds FROM transformer_memory WHERE key = ANY(%s::bytea[])"
        yield from run(Sql(text, (_array(keys),)))

    def write_newest(self, rows: Sequence[Row], today: date) -> None:
        text = """
            UPDATE transformer_memory m SET newest = w.newest, touched = %s
            FROM unnest(%s::bytea[], %s::bytea[]) w(key, newest) WHERE m.key = w.key
        """
        newest = _array(cell.newest for _, cell in rows)
        _execute(text, (today, _array(key for key, _ in rows), newest))

    def write(self, rows: Sequence[Row], today: date) -> None:
        text = """
            UPDATE transformer_memory m SET newest = w.newest, older = w.older, kinds = w.kinds,
                due_at = w.due_at, touched = %s
            FROM unnest(%s::bytea[], %s::bytea[], %s::bytea[], %s::bytea[], %s::timestamptz[])
                w(key, newest, older, kinds, due_at) WHERE m.key = w.key
        """
        cells = [cell for _, cell in rows]
        columns = (
            _array(key for key, _ in rows),
            _array(cell.newest for cell in cells),
            _array(cell.older or b"" for cell in cells),
            _array(cell.kinds or b"" for cell in cells),
            [cell.due for cell in cells],
        )
        _execute(text, (today, *columns))


class _Sqlite:
    """One writer at a time: there is nothing to lock."""

    MOST = 500  # parameters of a statement

    def locked(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        yield from self._read("key, newest", keys)

    def made(self, keys: Sequence[bytes], today: date) -> set[bytes]:
        text = """
            INSERT INTO transformer_memory (key, newest, older, kinds, touched)
            VALUES (%s, x'', x'', x'', %s)
        """
        _execute_each(text, [(key, today.isoformat()) for key in keys])
        return set(keys)

    def older(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
        yield from self._read("key, older, kinds", keys)

    def write_newest(self, rows: Sequence[Row], today: date) -> None:
        text = "UPDATE transformer_memory SET newest = %s, touched = %s WHERE key = %s"
        _execute_each(text, [(cell.newest, today.isoformat(), key) for key, cell in rows])

    def write(self, rows: Sequence[Row], today: date) -> None:
        text = """
            UPDATE transformer_memory SET newest = %s, older = %s, kinds = %s, due_at = %s,
                touched = %s WHERE key = %s
        """
        found = [
            (
                cell.newest, cell.older, cell.kinds or b"",
                None if cell.due is None else to_microseconds(cell.due), today.isoformat(), key,
            )
            for key, cell in rows
        ]  # fmt: skip
        _execute_each(text, found)

    def _read(self, fields: str, keys: Sequence[bytes]) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(keys), self.MOST):
            some = keys[start : start + self.MOST]
            marks = ", ".join(["%s"] * len(some))
            text = f"SELECT {fields} FROM transformer_memory WHERE key IN ({marks})"
            yield from run(Sql(text, tuple(some)))


TABLES: Mapping[str, type[_Table]] = {"postgresql": _Postgres, "sqlite": _Sqlite}


def _array(items: Iterable[bytes]) -> str:
    """Bytes as the text of a bytea[]."""
    return "{" + ",".join(f'"\\\\x{item.hex()}"' for item in items) + "}"


def _execute(text: str, params: tuple[Any, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, params)


def _execute_each(text: str, rows: Sequence[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(text, rows)
