"""Entries under the rules of samples that move: as they are stored, and known by their content."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from meters.cli.entries import MOVED, Occurrences, Sampler, sent
from meters.samples import Sample
from telemetry_site.core.errors import BadRequest

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIELDS = {
    "counter_name": "temperature",
    "counter_type": "gauge",
    "counter_unit": "C",
    "counter_volume": 21,
    "resource_id": "room-1",
    "timestamp": "2026-03-01T12:00:00.000001",
}


def moved(**named: Any) -> Sample:
    return Sampler(MOVED, NOW).careful({**FIELDS, **named})


@pytest.mark.parametrize("source", [None, "", "room", "p1:openstack"])
def test_a_source_that_moves_stays_as_it_is(source: str | None) -> None:
    assert moved(source=source, project_id="p1").source == source


def test_a_source_that_is_sent_is_told_with_its_project() -> None:
    assert Sampler(sent("s"), NOW).careful({**FIELDS, "project_id": "p1"}).source == "p1:s"


def test_metadata_that_move_keep_their_types_and_the_dots_of_their_keys() -> None:
    metadata = {"b.c": {"d": [1, 1.0, True, None, "x"]}, "a": -0.5}
    assert moved(resource_metadata=metadata).metadata == (
        b'{"a":-0.5,"b.c":{"d":[1,1.0,true,null,"x"]}}'
    )


@pytest.mark.parametrize("metadata", [None, {}])
def test_no_metadata_are_empty_metadata(metadata: object) -> None:
    assert moved(resource_metadata=metadata).metadata == b"{}"


def test_the_time_of_recording_stays_too() -> None:
    assert moved(recorded_at="2026-02-01T00:00:00.5").recorded_at == datetime(
        2026, 2, 1, 0, 0, 0, 500_000, tzinfo=UTC
    )
    assert moved().recorded_at is None
    assert (
        Sampler(sent("s"), NOW).careful({**FIELDS, "recorded_at": "2026-03-01"}).recorded_at is None
    )


def test_without_an_id_the_content_tells_samples_apart() -> None:
    assert moved().message_id == moved().message_id
    assert moved().message_id != moved(resource_metadata={"a": 1}).message_id
    sampler = Sampler(MOVED, NOW)
    assert sampler.careful(FIELDS).message_id != sampler.careful(FIELDS).message_id


def test_an_id_is_a_uuid_or_made_of_a_text() -> None:
    given = UUID("3cf2cfec-c6de-5aae-9a8c-8e69be8407b8")
    assert moved(message_id=str(given)).message_id == given
    assert moved(message_id="m-1").message_id == moved(message_id="m-1").message_id


def deep(levels: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _ in range(levels - 1):
        found = {"a": found}
    return found


def test_metadata_may_be_a_hundred_levels_deep() -> None:
    assert moved(resource_metadata=deep(100)).metadata.count(b"{") == 100


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"timestamp": None}, "timestamp. Value: 'None'. Mandatory field missing."),
        ({"resource_metadata": [1]}, "It must be a JSON object of finite numbers and Unicode"),
        ({"resource_metadata": {"a": float("nan")}}, "It must be a JSON object of finite numbers"),
        ({"resource_metadata": {"a": "\ud800"}}, "It must be a JSON object of finite numbers and"),
        ({"resource_metadata": {"a": ["x\0"]}}, "Text must not contain NUL"),
        ({"resource_metadata": {"x\0": 1}}, "Text must not contain NUL"),
        ({"resource_metadata": deep(101)}, "It must not be nested more than 100 levels deep"),
        ({"message_id": 5}, "The message_id must be a text."),
        ({"counter_volume": float("inf")}, "The volume must be a number between"),
        ({"resource_id": "x" * 256}, "at most 255 characters"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(BadRequest) as caught:
        moved(**fields)
    assert why in str(caught.value)


def test_occurrences_are_counted_as_far_as_they_are_remembered() -> None:
    seen = Occurrences(remembered=2)
    assert [seen.count(content) for content in (b"a", b"a", b"b", b"a", b"c", b"a")] == [
        1,
        2,
        1,
        3,
        1,
        1,
    ]
