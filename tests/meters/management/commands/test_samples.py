"""manage.py samples, as it is typed."""

import pytest
from django.core.management import CommandError

from tests.commands import objects, printed, rows

pytestmark = pytest.mark.usefixtures("small_store")


def volumes(*words: str) -> list[float]:
    return [row["volume"] for row in objects("samples", *words)]


def test_it_lists_the_newest_first() -> None:
    assert volumes()[0] == 20
    assert sorted(volumes()) == [10, 20, 30, 40, 512]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["memory.usage"], [512]),
        (["--meter", "memory.usage"], [512]),
        (["-q", "meter=memory.usage"], [512]),
        (["-q", "resource=vm-1;timestamp>2026-03-01T12:00:00"], [20]),
        (["-q", "resource=vm-1", "-q", "timestamp<2026-03-01T12:00:01", "-m", "cpu_util"], [10]),
        (["-q", "metadata.flavor=small", "--limit", "1"], [20]),
        (["--project", "p2"], [40]),
        (["nothing"], []),
    ],
)
def test_it_filters_as_the_api_does(words: list[str], expected: list[float]) -> None:
    assert volumes(*words) == expected


def test_json_has_the_fields_of_the_api() -> None:
    (row,) = objects("samples", "--limit", "1")
    assert list(row) == [
        "id", "meter", "type", "unit", "volume", "user_id", "project_id", "resource_id",
        "source", "timestamp", "recorded_at", "metadata",
    ]  # fmt: skip
    assert row["timestamp"] == "2026-03-01T13:00:00"
    assert row["metadata"] == {"flavor": "small"}


def test_csv_has_them_too() -> None:
    heading, row = rows("samples", "-l", "1")
    assert heading[1:5] == ["meter", "type", "unit", "volume"]
    assert row[1:5] == ["cpu_util", "gauge", "%", "20.0"]
    assert row[-1] == '{"flavor":"small"}'


def test_a_table_is_made_for_reading() -> None:
    assert printed("samples", "--limit", "1").splitlines() == [
        "meter     type   unit  volume  project_id  resource_id  timestamp",
        "cpu_util  gauge  %         20  p1          vm-1         2026-03-01T13:00:00",
    ]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--limit", "0"], "Limit must be positive"),
        (["--limit", "x"], "limit. Value: 'x'. unable to convert to int"),
        (["-q", "nonsense"], "'nonsense' is no condition"),
        (["-q", "colour=red"], 'Unknown argument: "colour"'),
        (["-q", "project<p1"], "unimplemented operator for project"),
        (["--project", "p1", "-q", "project=p2"], "Not Authorized to access project p2"),
    ],
)
def test_a_bad_question_gets_one_sentence(words: list[str], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        printed("samples", *words)
