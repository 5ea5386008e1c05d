"""What is stored and what is answered for a posted list."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from meters.posted.completion import accept
from meters.samples import Sample
from tests.meters.posted.entries import NOW, body, entry, terms


def stored(posted: bytes, **named: Any) -> Sample:
    return accept(posted, terms(**named))[0][0]


def answered(posted: bytes, **named: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(accept(posted, terms(**named))[1])[0]
    return found


def test_it_fills_in_what_was_not_sent() -> None:
    answer = answered(body(entry()), user="u1", project="p1")
    assert list(answer.items()) == [
        ("source", "p1:openstack"),
        ("counter_name", "ap"),
        ("counter_type", "gauge"),
        ("counter_unit", "instance"),
        ("counter_volume", 1.0),
        ("user_id", "u1"),
        ("project_id", "p1"),
        ("resource_id", "r1"),
        ("timestamp", "2026-03-01T12:00:00.250000"),
        ("resource_metadata", {}),
        ("message_id", answer["message_id"]),
    ]


def test_it_stores_what_it_answers() -> None:
    samples, answer = accept(
        body(entry(resource_metadata={"b.c": "1", "a": "2"})), terms(user="u1", project="p1")
    )
    assert samples == [
        Sample(
            meter="ap",
            type="gauge",
            unit="instance",
            volume=1.0,
            resource="r1",
            project="p1",
            user="u1",
            source="p1:openstack",
            timestamp=NOW,
            message_id=samples[0].message_id,
            metadata=b'{"a":"2","b":{"c":"1"}}',
        )
    ]
    assert json.loads(answer)[0]["message_id"] == str(samples[0].message_id)
    assert json.loads(answer)[0]["resource_metadata"] == {"b.c": "1", "a": "2"}


@pytest.mark.parametrize(
    ("sent", "project", "source"),
    [
        ({}, None, "None:openstack"),
        ({"project_id": "p2"}, "p1", "p2:openstack"),
        ({"source": "mine"}, "p1", "p1:mine"),
        ({"source": "", "project_id": ""}, None, "None:openstack"),
    ],
)
def test_it_names_the_project_in_the_source(
    sent: dict[str, str], project: str | None, source: str
) -> None:
    assert stored(body(entry(**sent)), project=project).source == source


@pytest.mark.parametrize(
    ("sent", "echo", "moment"),
    [
        ("2013-08-01T10:11:00", "2013-08-01T10:11:00", "2013-08-01T10:11:00+00:00"),
        ("2013-08-01 10:11:00.5", "2013-08-01T10:11:00.500000", "2013-08-01T10:11:00.500000+00:00"),
        ("2013-08-01T12:11:00+02:00", "2013-08-01T12:11:00+02:00", "2013-08-01T10:11:00+00:00"),
        ("2013-08-01T10:11:00Z", "2013-08-01T10:11:00+00:00", "2013-08-01T10:11:00+00:00"),
        ("2013-08-01", "2013-08-01T00:00:00", "2013-08-01T00:00:00+00:00"),
    ],
)
def test_it_honours_and_echoes_offsets(sent: str, echo: str, moment: str) -> None:
    posted = body(entry(timestamp=sent))
    assert answered(posted)["timestamp"] == echo
    assert stored(posted).timestamp.isoformat() == moment
    assert stored(posted).timestamp.tzinfo is UTC


def test_it_takes_times_up_to_ten_years_ahead() -> None:
    latest = NOW + timedelta(days=3653)
    assert stored(body(entry(timestamp=latest.isoformat()))).timestamp == latest
    assert stored(body(entry(timestamp="1970-01-01"))).timestamp == datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent", "echo"),
    [
        ({}, {}),
        ({"recorded_at": None}, {"recorded_at": None}),
        ({"recorded_at": "2013-08-01 10:11:00"}, {"recorded_at": "2013-08-01T10:11:00"}),
    ],
)
def test_it_echoes_recorded_at_only_where_it_was_sent(
    sent: dict[str, Any], echo: dict[str, Any]
) -> None:
    answer = answered(body(entry(**sent)))
    assert {name: answer[name] for name in answer if name == "recorded_at"} == echo


def test_it_gives_ids_in_the_order_of_the_list() -> None:
    samples, _ = accept(body(*[entry()] * 50), terms())
    ids = [sample.message_id for sample in samples]
    assert ids == sorted(ids)
    assert len(set(ids)) == 50


def test_it_keeps_null_unit_and_volume() -> None:
    posted = body(entry(counter_unit=None, counter_volume=None))
    assert (stored(posted).unit, stored(posted).volume) == (None, None)
    assert answered(posted)["counter_volume"] is None
