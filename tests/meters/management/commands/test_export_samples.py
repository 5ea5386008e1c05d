"""manage.py export_samples, as it is typed."""

import csv
import json
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.commands import printed

pytestmark = pytest.mark.usefixtures("small_store")


def exported(*words: str) -> str:
    """What it writes to standard output."""
    raw = BytesIO()
    out = TextIOWrapper(raw, write_through=True)
    call_command("export_samples", *words, stdout=out)
    return raw.getvalue().decode()


def objects(*words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in exported(*words).splitlines()]


def test_it_writes_all_samples_newest_first_whatever_the_usual_limit() -> None:
    found = objects()
    assert found[0]["counter_volume"] == 20
    assert sorted(each["counter_volume"] for each in found) == [10, 20, 30, 40, 512]
    assert found[0]["resource_metadata"] == {"flavor": "small"}
    assert found[0]["timestamp"] == "2026-03-01T13:00:00"
    assert next(each for each in found if each["counter_volume"] == 40)["user_id"] is None


def test_it_writes_those_that_are_asked_for() -> None:
    assert [each["counter_volume"] for each in objects("memory.usage")] == [512]
    assert [each["counter_volume"] for each in objects("-m", "memory.usage")] == [512]
    assert [each["counter_volume"] for each in objects("-q", "timestamp>2026-03-01T12:30")] == [20]
    assert [each["counter_volume"] for each in objects("--project", "p2")] == [40]


def test_it_writes_csv() -> None:
    header, *rows = csv.reader(StringIO(exported("cpu_util", "--format", "csv", "-q", "user=")))
    assert (header[0], len(header), rows) == ("source", 12, [])
    rows = list(csv.reader(StringIO(exported("--project", "p2", "--format", "csv"))))[1:]
    assert rows[0][:8] == ["openstack", "cpu_util", "gauge", "%", "40.0", "", "p2", "vm-3"]


def test_a_file_tells_the_form_by_its_name_and_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    assert printed("export_samples", "--output", str(file)) == f"5 samples written to {file}.\n"
    before = file.read_text()
    assert before.startswith("source,counter_name,")
    with pytest.raises(CommandError, match="is there already; name another file, or say --force"):
        printed("export_samples", "memory.usage", "--output", str(file))
    assert file.read_text() == before
    said = printed("export_samples", "memory.usage", "-o", str(file), "--force", "-f", "jsonl")
    assert said == f"1 sample written to {file}.\n"
    assert json.loads(file.read_text())["counter_volume"] == 512


def test_a_question_that_cannot_be_asked_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is no condition"):
        printed("export_samples", "-q", "nonsense", "-o", str(tmp_path / "out.csv"))
    assert list(tmp_path.iterdir()) == []
