"""Rows as a table, as JSON and as CSV."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO

import msgspec

from telemetry_site.core.cli.printing import Format, columns, write

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC).replace(tzinfo=None)  # as the API's rows have it


class Line(msgspec.Struct):
    """A row of these tests."""

    name: str
    unit: str | None
    volume: float | None
    at: datetime
    metadata: msgspec.Raw = msgspec.Raw(b"{}")


ROWS = [
    Line("cpu", "%", 12.5, NOON, msgspec.Raw(b'{"a":"x,y"}')),
    Line("memory.usage", None, 3.0, NOON),
]
FIELDS = columns(Line, "metadata")


def written(form: Format, rows: list[Line] = ROWS) -> str:
    out = StringIO()
    write(rows, FIELDS, form, out)
    return out.getvalue()


def test_a_table_has_columns_as_wide_as_they_need_to_be() -> None:
    assert written("table") == (
        "name          unit  volume  at\n"
        "cpu           %       12.5  2026-03-01T12:00:00\n"
        "memory.usage  -          3  2026-03-01T12:00:00\n"
    )


def test_an_empty_table_has_names_alone() -> None:
    assert written("table", []) == "name  unit  volume  at\n"


def test_a_table_shows_no_letter_that_moves_the_cursor() -> None:
    assert "\x1b" not in written("table", [Line("\x1b[2Jx\ny", "%", 1.0, NOON)])
    assert written("table", [Line("a\nb", "%", 1.0, NOON)]).count("\n") == 2


def test_json_is_what_the_api_writes_a_row_to_a_line() -> None:
    assert written("json") == (
        "[\n"
        '{"name":"cpu","unit":"%","volume":12.5,"at":"2026-03-01T12:00:00",'
        '"metadata":{"a":"x,y"}},\n'
        '{"name":"memory.usage","unit":null,"volume":3.0,"at":"2026-03-01T12:00:00",'
        '"metadata":{}}\n'
        "]\n"
    )


def test_json_of_nothing_is_an_empty_list() -> None:
    assert written("json", []) == "[]\n"


def test_csv_has_every_field_in_full() -> None:
    assert written("csv") == (
        "name,unit,volume,at,metadata\n"
        'cpu,%,12.5,2026-03-01T12:00:00,"{""a"":""x,y""}"\n'
        "memory.usage,,3.0,2026-03-01T12:00:00,{}\n"
    )


def test_csv_rounds_nothing() -> None:
    assert ",0.30000000000000004," in written("csv", [Line("a", "", 0.1 + 0.2, NOON)])


def test_json_is_written_as_the_rows_come() -> None:
    out = StringIO()

    def rows() -> Iterator[Line]:
        yield ROWS[0]
        assert out.getvalue().startswith('[\n{"name":"cpu"')
        yield ROWS[1]

    write(rows(), FIELDS, "json", out)
