"""Lines of JSON as samples."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from meters.cli.entries import Sampler, sent
from meters.cli.lines import BadLine, LineReader
from meters.samples import Sample

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIELDS = {
    "counter_name": "temperature",
    "counter_type": "gauge",
    "counter_unit": "C",
    "counter_volume": 21,
    "resource_id": "room-1",
}


def line(**named: Any) -> bytes:
    return json.dumps({**FIELDS, **named}).encode()


def read(*lines: bytes) -> list[Sample]:
    reader = LineReader(Sampler(sent("openstack"), NOW))
    return [sample for _, sample in reader.samples(lines)]


def ids(*lines: bytes) -> list[UUID]:
    return [sample.message_id for sample in read(*lines)]


def test_it_makes_a_sample() -> None:
    (sample,) = read(line(project_id="p1", timestamp="2026-03-01T13:00:00+02:00"))
    assert (sample.meter, sample.type, sample.unit, sample.volume) == (
        "temperature",
        "gauge",
        "C",
        21.0,
    )
    assert (sample.resource, sample.project, sample.user) == ("room-1", "p1", None)
    assert sample.source == "p1:openstack"
    assert sample.timestamp == datetime(2026, 3, 1, 11, tzinfo=UTC)


def test_without_a_timestamp_a_line_is_new_each_time() -> None:
    first, second = read(line(), line())
    assert first.timestamp == second.timestamp == NOW
    assert first.message_id != second.message_id
    assert {first.message_id, second.message_id}.isdisjoint(ids(line(), line()))


def test_a_source_that_is_named_stays_as_it_is() -> None:
    assert read(line(source="room"))[0].source == "room"


def test_metadata_is_nested_by_its_dots() -> None:
    assert read(line(resource_metadata={"a.b": "1"}))[0].metadata == b'{"a":{"b":"1"}}'


def test_an_id_may_be_given() -> None:
    given = "3cf2cfec-c6de-5aae-9a8c-8e69be8407b8"
    assert ids(line(message_id=given)) == [UUID(given)]
    assert ids(line(message_id="m-1")) == ids(line(message_id="m-1")) != ids(line(message_id="m-2"))


def test_with_a_timestamp_the_same_lines_are_the_same_samples() -> None:
    lines = [line(timestamp="2026-03-01T12:00:00Z"), line(timestamp="2026-03-01T12:01:00Z")]
    assert ids(*lines) == ids(*lines)
    assert len(set(ids(*lines))) == 2


def test_equal_lines_of_one_stream_are_told_apart() -> None:
    same = line(timestamp="2026-03-01T12:00:00Z")
    assert len(set(ids(same, same, same))) == 3
    assert ids(same) == ids(same, same)[:1]


def test_the_spelling_of_a_line_does_not_matter() -> None:
    plain = line(timestamp="2026-03-01T12:00:00Z", resource_metadata={"a": "1", "b": "2"})
    turned = json.loads(plain)
    turned["timestamp"] = "2026-03-01T14:00:00+02:00"
    turned["resource_metadata"] = {"b": "2", "a": "1"}
    other = json.dumps(dict(reversed(turned.items())), indent=None, separators=(" , ", " : "))
    assert ids(other.encode()) == ids(plain)


@pytest.mark.parametrize(
    "other",
    [
        {"counter_volume": 22},
        {"resource_id": "room-2"},
        {"project_id": "p2"},
        {"timestamp": "2026-03-01T12:00:01Z"},
        {"resource_metadata": {"a": "1"}},
    ],
)
def test_whatever_differs_makes_another_sample(other: dict[str, Any]) -> None:
    timed = {"timestamp": "2026-03-01T12:00:00Z"}
    assert ids(line(**{**timed, **other})) != ids(line(**timed))


def test_numbers_may_be_text() -> None:
    assert read(line(counter_volume="1.5"))[0].volume == 1.5


def test_empty_lines_are_passed_over_and_counted() -> None:
    reader = LineReader(Sampler(sent("openstack"), NOW))
    assert [number for number, _ in reader.samples([b"\n", line(), b"  \n", line()])] == [2, 4]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (b'{"counter_name"', "It is not valid JSON."),
        (b"[1]", "It is no JSON object."),
        (line(message_id=5), "The message_id must be a text."),
        (line(counter_name=None), "counter_name. Value: 'None'. Mandatory field missing."),
        (line(counter_type="x"), "counter_type. Value: 'x'. The counter type must be: gauge, "),
        (line(counter_volume=1e101), "The volume must be a number between"),
        (line(timestamp="junk"), "'junk' is not a legal datetime value"),
        (line(timestamp="1969-12-31T00:00:00"), "The timestamp must be from 1970 on"),
        (line(resource_id="a\0b"), "NUL"),
        (line(resource_metadata={"a": 1}), "Wrong type. Expected '<class 'str'>'"),
        (line(extra=1), "Unknown attribute for argument samples: extra"),
    ],
)
def test_a_bad_line_is_named_with_its_fault(bad: bytes, why: str) -> None:
    with pytest.raises(BadLine) as caught:
        read(line(), bad)
    assert str(caught.value).startswith("Line 2: ")
    assert why in str(caught.value)
