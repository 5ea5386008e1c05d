"""manage.py send_sample, as it is typed."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError

from tests.commands import give_input, objects, printed

pytestmark = pytest.mark.django_db

ONE = (
    "--meter", "temperature", "--type", "gauge", "--unit", "C", "--volume", "21.5",
    "--resource", "room-1",
)  # fmt: skip
LINE = {
    "counter_name": "temperature",
    "counter_type": "gauge",
    "counter_unit": "C",
    "counter_volume": 21,
    "resource_id": "room-1",
    "timestamp": "2026-03-01T12:00:00",
}


def lines(*volumes: float) -> str:
    return "".join(json.dumps({**LINE, "counter_volume": volume}) + "\n" for volume in volumes)


def test_it_stores_one_sample() -> None:
    more = ("--project", "p1", "--user", "u1", "--metadata", '{"floor": "2"}')
    assert printed("send_sample", *ONE, *more) == "1 sample stored, 0 were there already.\n"
    (row,) = objects("samples")
    assert (row["meter"], row["type"], row["unit"], row["volume"], row["resource_id"]) == (
        "temperature",
        "gauge",
        "C",
        21.5,
        "room-1",
    )
    assert (row["project_id"], row["user_id"], row["metadata"]) == ("p1", "u1", {"floor": "2"})
    assert row["source"] == "p1:openstack"


def test_one_sample_with_a_timestamp_is_stored_once() -> None:
    named = (*ONE, "--timestamp", "2026-03-01T12:00:00")
    assert printed("send_sample", *named) == "1 sample stored, 0 were there already.\n"
    assert printed("send_sample", *named) == "0 samples stored, 1 was there already.\n"
    assert [row["timestamp"] for row in objects("samples")] == ["2026-03-01T12:00:00"]


def test_one_sample_without_a_timestamp_is_new_each_time() -> None:
    printed("send_sample", *ONE)
    printed("send_sample", *ONE)
    assert len(objects("samples")) == 2


@pytest.mark.parametrize("words", [(), ("-",)])
def test_it_reads_standard_input(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    give_input(monkeypatch, lines(1, 2))
    assert printed("send_sample", *words) == "2 samples stored, 0 were there already.\n"
    assert sorted(row["volume"] for row in objects("samples")) == [1, 2]


def test_a_file_sent_twice_is_stored_once(tmp_path: Path) -> None:
    file = tmp_path / "samples.jsonl"
    file.write_text(lines(1, 2, 2))
    assert printed("send_sample", str(file)) == "3 samples stored, 0 were there already.\n"
    file.write_text(lines(1, 2, 2, 3))
    assert printed("send_sample", str(file)) == "1 sample stored, 3 were there already.\n"
    assert sorted(row["volume"] for row in objects("samples")) == [1, 2, 2, 3]


def test_a_bad_line_is_named_and_nothing_of_its_batch_is_stored(tmp_path: Path) -> None:
    file = tmp_path / "samples.jsonl"
    file.write_text(lines(1) + '{"counter_name": \n')
    with pytest.raises(CommandError) as caught:
        printed("send_sample", str(file))
    assert str(caught.value) == "Line 2: It is not valid JSON. Nothing was stored."
    assert objects("samples") == []


def test_nothing_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    give_input(monkeypatch, "")
    assert printed("send_sample") == "0 samples stored, 0 were there already.\n"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--meter", "m"), "A sample needs --type, --unit, --volume, --resource too."),
        ((*ONE, "-"), "Name a file or a sample, not both."),
        ((*ONE, "--metadata", "{"), "--metadata is not valid JSON: "),
        (("/no/such/file",), "/no/such/file cannot be read: No such file or directory."),
        ((*ONE[:-3], "x", *ONE[-2:]), "could not convert string to float: 'x'"),
    ],
)
def test_a_bad_command_gets_one_sentence(words: tuple[str, ...], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        printed("send_sample", *words)
