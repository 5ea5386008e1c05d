"""Rows as a table for people, as JSON or as CSV for programs; written as they come."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from operator import attrgetter
from typing import Any, Literal, Protocol, TypeAlias

import msgspec

Format: TypeAlias = Literal["table", "json", "csv"]
FORMATS: tuple[Format, ...] = ("table", "json", "csv")
# A table is as wide as the first rows need; later ones may stand out.
MEASURED = 1000
GAP = "  "
encode = msgspec.json.Encoder().encode  # as the API does
NOTHING = "-"
Row: TypeAlias = msgspec.Struct


class Out(Protocol):
    """Where text goes."""

    def write(self, text: str, /) -> object:
        """Write it as it is."""


@dataclass(frozen=True, slots=True)
class Column:
    """A field under the name the API gives it; `shown` is false for what no table has room for."""

    name: str
    of: Callable[[Any], Any]
    shown: bool = True


def columns(row: type[Row], *hidden: str) -> tuple[Column, ...]:
    """Every field of the rows, in their order; the hidden ones are not for tables."""
    names = row.__struct_fields__
    return tuple(Column(name, attrgetter(name), name not in hidden) for name in names)


def write(rows: Iterable[Row], fields: tuple[Column, ...], form: Format, out: Out) -> None:
    """Write all rows in the form that was asked for."""
    if form == "json":
        _write_json(rows, out)
    elif form == "csv":
        _write_csv(rows, fields, out)
    else:
        for line in table(rows, [column for column in fields if column.shown]):
            out.write(f"{line}\n")


def _write_json(rows: Iterable[Row], out: Out) -> None:
    """One list, a line for each row, exactly as the API writes the row."""
    opening = "["
    for row in rows:
        out.write(f"{opening}\n{encode(row).decode()}")
        opening = ","
    out.write("\n]\n" if opening == "," else "[]\n")


def _write_csv(rows: Iterable[Row], fields: tuple[Column, ...], out: Out) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.name for column in fields)
    for row in rows:
        writer.writerow(text(column.of(row)) for column in fields)


def table(rows: Iterable[Row], fields: list[Column]) -> Iterator[str]:
    """The lines of a table: names first, numbers to the right, a dash for what is not there."""
    rest = iter(rows)
    first = list(islice(rest, MEASURED))
    right = [_is_number(first, column) for column in fields]
    names = [column.name for column in fields]
    measured = [names, *(_cells(row, fields) for row in first)]
    widths = [max(map(len, cells)) for cells in zip(*measured, strict=True)]
    for cells in chain(measured, (_cells(row, fields) for row in rest)):
        placed = [
            cell.rjust(width) if to_the_right else cell.ljust(width)
            for cell, width, to_the_right in zip(cells, widths, right, strict=True)
        ]
        yield GAP.join(placed).rstrip()


def _is_number(rows: list[Row], column: Column) -> bool:
    return any(isinstance(column.of(row), int | float) for row in rows)


def _cells(row: Row, fields: list[Column]) -> list[str]:
    return [_printable(rounded(column.of(row))) or NOTHING for column in fields]


def rounded(value: Any) -> str:
    """A value as a table shows it: numbers without what comes of adding in binary.

    >>> rounded(0.1 + 0.2), rounded(3.0), rounded(1234567890123.0)
    ('0.3', '3', '1234567890123')
    """
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.12g}"
    return text(value)


def _printable(cell: str) -> str:
    """Without what would move a terminal's cursor: names come from anybody."""
    return "".join(letter if letter.isprintable() else "�" for letter in cell)


def text(value: Any) -> str:
    """A value of a row as text, in full; empty for none.

    >>> text(0.1 + 0.2), text(3.0), text(None), text(datetime(2026, 3, 1, 12))
    ('0.30000000000000004', '3.0', '', '2026-03-01T12:00:00')
    """
    if value is None or value is msgspec.UNSET:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, msgspec.Raw):
        return bytes(value).decode()
    return str(value)
