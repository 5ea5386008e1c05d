"""manage.py import_samples, as it is typed."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError

from tests.commands import give_input, objects, printed

pytestmark = pytest.mark.django_db

LINE = {
    "counter_name": "temperature",
    "counter_type": "gauge",
    "counter_unit": "C",
    "counter_volume": 21,
    "resource_id": "room-1",
    "timestamp": "2026-03-01T12:00:00",
}
CSV = (
    "timestamp,resource_id,counter_name,counter_type,counter_unit,counter_volume\n"
    "2026-03-01T12:00:00,room-1,temperature,gauge,C,21\n"
    "2026-03-01T12:00:00,room-2,temperature,gauge,C,22\n"
)


def lines(*volumes: float) -> str:
    return "".join(json.dumps({**LINE, "counter_volume": volume}) + "\n" for volume in volumes)


def test_it_stores_a_file_once(tmp_path: Path) -> None:
    file = tmp_path / "samples.jsonl"
    file.write_text(lines(1, 2, 2))
    said = printed("import_samples", str(file), "--batch", "2")
    assert said == "3 samples stored, 0 were there already.\n"
    assert printed("import_samples", str(file)) == "0 samples stored, 3 were there already.\n"
    assert sorted(row["volume"] for row in objects("samples")) == [1, 2, 2]
    assert {row["source"] for row in objects("samples")} == {None}


def test_it_reads_csv_by_the_ending_of_its_name(tmp_path: Path) -> None:
    file = tmp_path / "samples.csv"
    file.write_text(CSV)
    assert printed("import_samples", str(file)) == "2 samples stored, 0 were there already.\n"
    assert sorted(row["resource_id"] for row in objects("samples")) == ["room-1", "room-2"]


def test_it_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    give_input(monkeypatch, CSV)
    said = printed("import_samples", "-", "--format", "csv")
    assert said == "2 samples stored, 0 were there already.\n"


def test_a_bad_line_is_named_and_nothing_of_its_batch_is_stored(tmp_path: Path) -> None:
    file = tmp_path / "samples.jsonl"
    file.write_text(lines(1, 2, 3) + "{\n" + lines(4))
    with pytest.raises(CommandError) as caught:
        printed("import_samples", str(file), "--batch", "2")
    assert str(caught.value) == (
        "Line 4: It is not valid JSON. Before that: 2 samples stored, 0 were there already. Put "
        "that right and run it again with the same file: what is there already is not stored twice."
    )
    assert sorted(row["volume"] for row in objects("samples")) == [1, 2]
    file.write_text(lines(1, 2, 3, 4))
    assert printed("import_samples", str(file)) == "2 samples stored, 2 were there already.\n"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("/no/such/file",), "/no/such/file cannot be read: No such file or directory."),
        (("-", "--batch", "0"), "--batch must be 1 or more."),
    ],
)
def test_a_bad_command_gets_one_sentence(words: tuple[str, ...], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        printed("import_samples", *words)


def test_a_line_without_a_time_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "samples.jsonl"
    file.write_text(json.dumps({**LINE, "timestamp": None}))
    with pytest.raises(CommandError, match=r"Line 1: .*timestamp.* Mandatory field missing"):
        printed("import_samples", str(file))
