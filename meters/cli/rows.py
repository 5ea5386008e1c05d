"""Rows of CSV as samples: a line of names first, the columns in any order."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Raw

from meters.cli.cells import Texts
from meters.cli.entries import UNUSUAL, Entry, Sampler
from meters.cli.lines import BadLine
from meters.posted.careful import MANDATORY
from meters.samples import Sample
from telemetry_site.core.errors import BadRequest

COLUMNS = Entry.__struct_fields__
NEEDED = MANDATORY | {"timestamp"}
NAMES = {"source", "counter_name", "counter_unit", "user_id", "project_id", "resource_id"}
VOLUME, METADATA = "counter_volume", "resource_metadata"
BYTE_ORDER_MARK = "\ufeff"
# A quote that is never closed would make one cell of the rest of the file.
csv.field_size_limit(64 * 1024 * 1024)


class RowReader:
    """Makes samples of the lines of a CSV file."""

    def __init__(self, sampler: Sampler) -> None:
        self._sampler = sampler
        self._texts = Texts()

    def samples(self, lines: Iterable[bytes]) -> Iterator[tuple[int, Sample]]:
        """Each sample with the number of the line that its row ends on. Raises BadLine."""
        reader = csv.reader(_texts(lines), strict=True)
        columns: list[str] = []
        try:
            for row in reader:
                if not row:
                    continue
                if not columns:
                    columns = _header(row)
                else:
                    yield reader.line_num, self._sample(columns, row)
        except csv.Error as error:
            raise BadLine(reader.line_num, f"It is not valid CSV: {error}.") from error
        except BadRequest as error:
            raise BadLine(reader.line_num, str(error)) from error

    def _sample(self, columns: list[str], row: list[str]) -> Sample:
        if len(row) != len(columns):
            raise BadRequest(f"It has {len(row)} cells, and the header has {len(columns)}.")
        try:
            return self._sampler.sample(_entry(self._fields(columns, row)))
        except UNUSUAL:
            fields = self._fields(columns, row)
            return self._sampler.careful({**fields, METADATA: _metadata(fields.get(METADATA))})

    def _fields(self, columns: list[str], row: list[str]) -> dict[str, Any]:
        texts = self._texts
        return {
            name: texts[cell] if name in NAMES else cell or None
            for name, cell in zip(columns, row, strict=True)
        }


def _entry(fields: dict[str, Any]) -> Entry:
    """The entry of a row in the usual form; raises one of UNUSUAL. `fields` are changed."""
    if (volume := fields[VOLUME]) is not None:
        fields[VOLUME] = float(volume)
    fields[METADATA] = Raw((fields.get(METADATA) or "{}").encode())
    return msgspec.convert(fields, Entry)


def _metadata(text: str | None) -> Any:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        raise BadRequest(f"The {METADATA} is not valid JSON.") from None


def _header(names: list[str]) -> list[str]:
    """The names of the columns. Raises BadRequest."""
    known = f"The columns are {', '.join(COLUMNS)}."
    for name in names:
        if name not in COLUMNS:
            raise BadRequest(f"There is no column {name!r}. {known}")
        if names.count(name) > 1:
            raise BadRequest(f"The column {name} is there twice.")
    if missing := [name for name in COLUMNS if name in NEEDED and name not in names]:
        raise BadRequest(f"The header lacks {', '.join(missing)}.")
    return names


def _texts(lines: Iterable[bytes]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise BadLine(number, "It is not UTF-8 text.") from None
        if "\0" in text:
            raise BadLine(number, "Text must not contain NUL.")
        yield text.removeprefix(BYTE_ORDER_MARK) if number == 1 else text
