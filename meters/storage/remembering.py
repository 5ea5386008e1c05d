"""What transformers remember: read and written for a whole batch at once, under locks.

The cells of a key are one worker's until its transaction ends. Keys are locked in their order, so
that two workers never wait for each other in a circle; where they do nevertheless, because both
make new ones, the database ends one of them and its transaction is repeated.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any, Protocol

from django.db import connection, transaction

from meters.models import TransformerHistory, TransformerMemory, TransformerState
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
        known = self._cells
        if missing := sorted({key for key in keys if key not in known}):
            self._cells.update(self._locked(missing))
        return self._cells

    def read_whole(self, keys: Iterable[bytes]) -> None:
        """See Memory.read_whole."""
        wanted = [key for key in keys if self._cells[key].state is None]
        if wanted:
            for key in wanted:
                self._cells[key].state = self._cells[key].history = b""
            for key, content in self._table.state(wanted):
                self._cells[key].state = content
            for key, content in self._table.history(wanted):
                self._cells[key].history = (self._cells[key].history or b"") + content

    def save(self) -> None:
        """Write what has changed, in one statement for each way of being written."""
        for cell in self._cells.values():
            if cell.view is not None:
                cell.view.write()
                cell.view = None  # each holds the other, and the collector is rare
        cells = sorted(self._cells.items())
        if whole := [row for row in cells if row[1].whole]:
            self._table.write(whole, self._today)
            self._table.drop_history([key for key, _ in whole])
        if short := [row for row in cells if row[1].changed and not row[1].whole]:
            self._table.write_newest(short, self._today)
        aside = [(key, cell.history) for key, cell in whole if cell.history]
        aside += [(key, cell.aside) for key, cell in cells if cell.aside]
        if aside:
            self._table.put_aside(aside)

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
    with transaction.atomic():
        keys = list(rows.select_for_update().order_by("key").values_list("key", flat=True))
        for beside in (TransformerHistory, TransformerState):
            beside.objects.filter(key__in=keys).delete()
        TransformerMemory.objects.filter(key__in=keys).delete()
    return len(keys)


class _Table(Protocol):
    """The statements in one database's words."""

    def locked(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        """Key and newest of those that are there, locked in the order of the keys."""

    def made(self, keys: Sequence[bytes], today: date) -> set[bytes]:
        """Empty rows for these; without those that another transaction made meanwhile."""

    def state(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        """Key and state of those that have one."""

    def history(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        """Key and content of each piece, in the order in which they were put aside."""

    def write_newest(self, rows: Sequence[Row], today: date) -> None:
        """Write that alone."""

    def write(self, rows: Sequence[Row], today: date) -> None:
        """Write all of the rows."""

    def drop_history(self, keys: Sequence[bytes]) -> None:
        """Delete all pieces."""

    def put_aside(self, pieces: Sequence[tuple[bytes, bytes]]) -> None:
        """Append a piece to each key."""


# Keys and contents as a table w: all contents come as one, and are cut out of it.
PIECES = """
(SELECT key, substring(%s::bytea FROM start FOR size) AS content
 FROM unnest(%s::bytea[], %s::int[], %s::int[]) p(key, start, size)) w
"""


class _Postgres:
    """Arrays of bytes go as one text each: an array of thousands of parameters is slow to read."""

    def locked(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        text = "SELECT key, newest FROM transformer_memory WHERE key = ANY(%s::bytea[])"
        rows = run(Sql(f"{text} ORDER BY key FOR NO KEY UPDATE", (_array(keys),))) if keys else []
        return ((bytes(key), bytes(newest)) for key, newest in rows)

    def made(self, keys: Sequence[bytes], today: date) -> set[bytes]:
        text = """
            INSERT INTO transformer_memory (key, newest, touched)
            SELECT key, '', %s FROM unnest(%s::bytea[]) key ORDER BY key
            ON CONFLICT (key) DO NOTHING RETURNING key
        """
        return {bytes(key) for (key,) in run(Sql(text, (today, _array(keys))))}

    def state(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        text = "SELECT key, content FROM transformer_state WHERE key = ANY(%s::bytea[])"
        return ((bytes(key), bytes(found)) for key, found in run(Sql(text, (_array(keys),))))

    def history(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        text = "SELECT key, content FROM transformer_history WHERE key = ANY(%s::bytea[])"
        rows = run(Sql(f"{text} ORDER BY id", (_array(keys),)))
        return ((bytes(key), bytes(content)) for key, content in rows)

    def write_newest(self, rows: Sequence[Row], today: date) -> None:
        text = f"""
            UPDATE transformer_memory m SET newest = w.content, touched = %s
            FROM {PIECES} WHERE m.key = w.key
        """
        _execute(text, (today, *_pieces([(key, cell.newest) for key, cell in rows])))

    def write(self, rows: Sequence[Row], today: date) -> None:
        text = f"""
            UPDATE transformer_memory m SET newest = w.content, due_at = d.due_at, touched = %s
            FROM {PIECES}, unnest(%s::bytea[], %s::timestamptz[]) d(key, due_at)
            WHERE m.key = w.key AND m.key = d.key
        """
        pieces = _pieces([(key, cell.newest) for key, cell in rows])
        keys, due = _array(key for key, _ in rows), [cell.due for _, cell in rows]
        _execute(text, (today, *pieces, keys, due))
        text = f"""
            INSERT INTO transformer_state (key, content) SELECT key, content FROM {PIECES}
            ON CONFLICT (key) DO UPDATE SET content = excluded.content
        """
        _execute(text, _pieces([(key, cell.state or b"") for key, cell in rows]))

    def drop_history(self, keys: Sequence[bytes]) -> None:
        _execute("DELETE FROM transformer_history WHERE key = ANY(%s::bytea[])", (_array(keys),))

    def put_aside(self, pieces: Sequence[tuple[bytes, bytes]]) -> None:
        text = f"INSERT INTO transformer_history (key, content) SELECT key, content FROM {PIECES}"
        _execute(text, _pieces(pieces))


class _Sqlite:
    """One writer at a time: there is nothing to lock."""

    MOST = 500  # parameters of a statement

    def locked(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        yield from self._read("key, newest", keys)

    def made(self, keys: Sequence[bytes], today: date) -> set[bytes]:
        text = """
            INSERT INTO transformer_memory (key, newest, touched)
            VALUES (%s, x'', %s)
        """
        _execute_each(text, [(key, today.isoformat()) for key in keys])
        return set(keys)

    def state(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        yield from self._read("key, content", keys, "transformer_state")

    def history(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        yield from self._read("key, content", keys, "transformer_history", "ORDER BY id")

    def write_newest(self, rows: Sequence[Row], today: date) -> None:
        text = "UPDATE transformer_memory SET newest = %s, touched = %s WHERE key = %s"
        _execute_each(text, [(cell.newest, today.isoformat(), key) for key, cell in rows])

    def write(self, rows: Sequence[Row], today: date) -> None:
        text = """
            UPDATE transformer_memory SET newest = %s, due_at = %s, touched = %s WHERE key = %s
        """
        day = today.isoformat()
        _execute_each(text, [(c.newest, _moment(c.due), day, key) for key, c in rows])
        text = """
            INSERT INTO transformer_state (key, content) VALUES (%s, %s)
            ON CONFLICT (key) DO UPDATE SET content = excluded.content
        """
        _execute_each(text, [(key, cell.state or b"") for key, cell in rows])

    def drop_history(self, keys: Sequence[bytes]) -> None:
        _execute_each("DELETE FROM transformer_history WHERE key = %s", [(key,) for key in keys])

    def put_aside(self, pieces: Sequence[tuple[bytes, bytes]]) -> None:
        _execute_each("INSERT INTO transformer_history (key, content) VALUES (%s, %s)", pieces)

    def _read(
        self,
        fields: str,
        keys: Sequence[bytes],
        table: str = "transformer_memory",
        order: str = "",
    ) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(keys), self.MOST):
            some = keys[start : start + self.MOST]
            marks = ", ".join(["%s"] * len(some))
            text = f"SELECT {fields} FROM {table} WHERE key IN ({marks}) {order}"
            yield from run(Sql(text, tuple(some)))


TABLES: Mapping[str, type[_Table]] = {"postgresql": _Postgres, "sqlite": _Sqlite}


def _pieces(pieces: Sequence[tuple[bytes, bytes]]) -> tuple[Any, ...]:
    """The parameters of PIECES."""
    sizes = [len(content) for _, content in pieces]
    starts = [end - size + 1 for end, size in zip(accumulate(sizes), sizes, strict=True)]
    blob = b"".join(content for _, content in pieces)
    return blob, _array(key for key, _ in pieces), starts, sizes


def _moment(value: datetime | None) -> int | None:
    return None if value is None else to_microseconds(value)


def _array(items: Iterable[bytes]) -> str:
    """Bytes as the text of a bytea[]."""
    return "{" + ",".join(f'"\\\\x{item.hex()}"' for item in items) + "}"


def _execute(text: str, params: tuple[Any, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, params)


def _execute_each(text: str, rows: Sequence[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(text, rows)
