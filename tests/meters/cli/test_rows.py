"""Rows of CSV as samples."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from meters.cli.entries import MOVED, Sampler
from meters.cli.lines import BadLine
from meters.cli.rows import RowReader
from meters.samples import Sample

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEADER = "timestamp,resource_id,counter_name,counter_type,counter_unit,counter_volume"
QUOTED = '"a"b'
ROW = "2026-03-01T12:00:00,room-1,temperature,gauge,C,21.5"


def numbered(text: str | bytes) -> Sequence[tuple[int, Sample]]:
    content = text.encode() if isinstance(text, str) else text
    reader = RowReader(Sampler(MOVED, NOW))
    return list(reader.samples(content.splitlines(keepends=True)))


def read(text: str) -> list[Sample]:
    return [sample for _, sample in numbered(text)]


def test_columns_come_in_any_order_and_only_some_must_be_there() -> None:
    (sample,) = read(f"{HEADER}\n{ROW}\n")
    assert (sample.meter, sample.type, sample.unit, sample.volume, sample.resource) == (
        "temperature",
        "gauge",
        "C",
        21.5,
        "room-1",
    )
    assert (sample.project, sample.user, sample.source) == (None, None, None)
    assert (sample.timestamp, sample.metadata) == (NOW, b"{}")


def test_an_empty_cell_is_nothing_and_a_backslash_is_the_empty_text() -> None:
    found = read(
        f"{HEADER},project_id,user_id,resource_metadata,message_id,recorded_at\n"
        f"2026-03-01,r,m,gauge,,,,\\,,,\n"
        f'2026-03-01,r,m,gauge,\\,1,"",\\\\,"{{""a"":[1]}}",,\n'
    )
    assert [(each.unit, each.volume, each.project, each.user) for each in found] == [
        (None, None, None, ""),
        ("", 1.0, None, "\\"),
    ]
    assert [each.metadata for each in found] == [b"{}", b'{"a":[1]}']


def test_a_row_may_go_over_lines_and_ends_count_for_nothing() -> None:
    other = ROW.replace("room-1", '"a\nb"')
    text = f"{HEADER}\r\n{ROW}\r\n\r\n{other}\r\n"
    assert [(number, sample.resource) for number, sample in numbered(text)] == [
        (2, "room-1"),
        (5, "a\nb"),
    ]


def test_a_spreadsheets_mark_at_the_beginning_is_passed_over() -> None:
    assert len(read(f"\ufeff{HEADER}\n{ROW}\n")) == 1


def test_a_file_of_a_header_or_of_nothing_has_no_samples() -> None:
    assert read("") == read(f"{HEADER}\n") == []


@pytest.mark.parametrize(
    ("text", "number", "why"),
    [
        (f"{HEADER},colour\n", 1, "There is no column 'colour'. The columns are source, "),
        (f"{HEADER},timestamp\n", 1, "The column timestamp is there twice."),
        ("counter_name,counter_type\n", 1, "The header lacks counter_unit, counter_volume, resou"),
        (f"{HEADER}\n{ROW}\n{ROW},x\n", 3, "It has 7 cells, and the header has 6."),
        (f"{HEADER}\n{ROW.replace('21.5', 'warm')}\n", 2, "could not convert string to float"),
        (f"{HEADER}\n{ROW.replace('21.5', 'nan')}\n", 2, "The volume must be a number between"),
        (f"{HEADER}\n{ROW.replace('gauge', 'x')}\n", 2, "The counter type must be: gauge, delta"),
        (f"{HEADER}\n{ROW.replace('room-1', '')}\n", 2, "resource_id. Value: 'None'. Mandatory"),
        (f"{HEADER}\n{ROW.replace('2026-03-01', '')}\n", 2, "is not a legal datetime value"),
        (f"{HEADER}\n{ROW.replace('room-1', QUOTED)}\n", 2, "valid CSV"),
        (f'{HEADER}\n{ROW}\n"2026', 3, "It is not valid CSV: unexpected end of data."),
        (f"{HEADER}\n{ROW}\0\n", 2, "Text must not contain NUL."),
        (f"{HEADER}\n".encode() + b"\xff\n", 2, "It is not UTF-8 text."),
        (f"{HEADER},resource_metadata\n{ROW},{{\n", 2, "The resource_metadata is not valid JSON."),
        (f"{HEADER},resource_metadata\n{ROW},[]\n", 2, "It must be a JSON object"),
    ],
)
def test_a_bad_row_is_named_with_its_fault(text: str | bytes, number: int, why: str) -> None:
    with pytest.raises(BadLine) as caught:
        numbered(text)
    assert str(caught.value).startswith(f"Line {number}: ")
    assert why in str(caught.value)
