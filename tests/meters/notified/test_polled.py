"""Samples that a polling agent of the original sends, with values worked out by hand."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from meters.notified.definitions import Definitions
from meters.notified.drafts import Made, Terms, Unusable
from meters.samples import Sample
from tests.notifications import notification

ID = UUID("5b1f8c3a-0000-11f1-8000-000000000001")
POLLED = {
    "source": "mine",
    "counter_name": "cpu",
    "counter_type": "cumulative",
    "counter_unit": "ns",
    "counter_volume": 8_900_000_000,
    "user_id": "u-1",
    "project_id": "p-1",
    "resource_id": "s-1",
    "timestamp": "2026-03-04T05:00:00.250000+01:00",
    "resource_metadata": {"host": "h-1", "event_type": "of the sample"},
    "message_id": str(ID),
    "message_signature": "0f",
    "monotonic_time": None,
    "user_name": "somebody",
    "project_name": "something",
}


def of(payload: Any, event_type: str = "telemetry.polling") -> Made:
    return Definitions([], Terms()).made_of(notification(event_type, payload))


def made(*samples: Any) -> Made:
    return of({"samples": list(samples)})


@pytest.mark.parametrize("event_type", ["telemetry.polling", "telemetry.api"])
def test_samples_are_taken_as_they_are(event_type: str) -> None:
    found = of({"samples": [POLLED]}, event_type)
    assert found.samples == [
        Sample(
            meter="cpu",
            type="cumulative",
            unit="ns",
            volume=8.9e9,
            resource="s-1",
            project="p-1",
            user="u-1",
            source="mine",
            timestamp=datetime(2026, 3, 4, 4, 0, 0, 250_000, tzinfo=UTC),
            message_id=ID,
            metadata=b'{"event_type":"of the sample","host":"h-1"}',
        )
    ]
    assert (found.places, found.dropped) == (["telemetry.polling"], [])


def test_all_of_a_message_are_taken_in_their_order() -> None:
    found = made(*(POLLED | {"resource_id": f"s-{number}"} for number in (3, 1, 2)))
    assert [one.resource for one in found.samples] == ["s-3", "s-1", "s-2"]
    assert made() == Made([], [], [])


@pytest.mark.parametrize(
    ("changes", "attribute", "value"),
    [
        ({"user_id": None}, "user", None),
        ({"project_id": None}, "project", None),
        ({"counter_unit": None}, "unit", None),
        ({"counter_unit": ""}, "unit", ""),
        ({"source": None}, "source", "openstack"),
        ({"timestamp": None}, "timestamp", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ({"timestamp": "2026-03-04 01:02"}, "timestamp", datetime(2026, 3, 4, 1, 2, tzinfo=UTC)),
        ({"counter_volume": "2.5"}, "volume", 2.5),
        ({"counter_volume": 0}, "volume", 0.0),
        ({"counter_volume": True}, "volume", 1.0),
        ({"resource_id": 12}, "resource", "12"),
        ({"resource_metadata": None}, "metadata", b"{}"),
        ({"resource_metadata": ["a"]}, "metadata", b"{}"),
        ({"resource_metadata": {}}, "metadata", b"{}"),
    ],
)  # fmt: skip
def test_what_a_sample_need_not_say(changes: dict[str, Any], attribute: str, value: Any) -> None:
    (sample,) = made(POLLED | changes).samples
    assert getattr(sample, attribute) == value


def test_samples_without_ids_get_some_that_stay_the_same() -> None:
    without = POLLED | {"message_id": None}
    first, again = made(without, without, POLLED), made(without, without, POLLED)
    ids = [one.message_id for one in first.samples]
    assert ids == [one.message_id for one in again.samples]
    assert (len(set(ids)), ids[2]) == (3, ID)


def test_metadata_of_users_lie_where_the_polling_agent_put_them() -> None:
    metadata = {"user_metadata": {"team": "a"}, "metering.b": "c"}
    (sample,) = made(POLLED | {"resource_metadata": metadata}).samples
    assert json.loads(sample.metadata) == metadata


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"counter_volume": None}, "it has no volume"),
        ({"resource_id": None}, "it has no resource"),
        ({"resource_id": ""}, "it has no resource"),
    ],
)
def test_a_sample_without_a_volume_or_resource_is_left_out_alone(
    changes: dict[str, Any], why: str
) -> None:
    found = made(POLLED | changes, POLLED)
    assert [one.message_id for one in found.samples] == [ID]
    assert [(one.name, one.place, one.why) for one in found.dropped] == [
        ("cpu", "telemetry.polling", why)
    ]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"counter_name": None}, "its name is no text but None"),
        ({"counter_name": ["cpu"]}, "its name is no text but ['cpu']"),
        ({"counter_name": "c" * 256}, "its name is longer than 255 characters"),
        ({"counter_type": "counter"}, "its type is none of gauge, delta, cumulative but 'counter'"),
        ({"counter_type": None}, "its type is none of gauge, delta, cumulative but None"),
        ({"counter_unit": {"a": 1}}, "its unit is no text but {'a': 1}"),
        ({"counter_volume": "much"}, "its volume is no number but 'much'"),
        ({"counter_volume": [1]}, "its volume is no number but [1]"),
        ({"counter_volume": "nan"}, "its volume 'nan' is not between -1e100 and 1e100"),
        ({"resource_id": ["s-1"]}, "its resource is no text but ['s-1']"),
        ({"project_id": {"id": "p"}}, "its project is no text but {'id': 'p'}"),
        ({"user_id": False}, "its user is no text but False"),
        ({"source": []}, "its source is no text but []"),
        ({"timestamp": "soon"}, "'soon' is no time"),
        ({"timestamp": 1_772_600_000}, "its time 1772600000 is no text"),
        ({"timestamp": "1969-12-31T23:59:59"}, "its time 1969-12-31T23:59:59 lies before 1970"),
        ({"message_id": "x"}, "its id is no UUID but 'x'"),
        ({"message_id": ""}, "its id is no UUID but ''"),
        ({"message_id": 5}, "its id is no UUID but 5"),
        ({"message_id": ["a"]}, "its id is no UUID but ['a']"),
    ],
)
def test_one_that_can_be_no_sample_refuses_all_and_says_why(
    changes: dict[str, Any], why: str
) -> None:
    bad = POLLED | changes
    with pytest.raises(Unusable) as caught:
        made(POLLED, bad)
    assert str(caught.value).startswith(f"{bad['counter_name']} (telemetry.polling): ")
    assert why in str(caught.value)


@pytest.mark.parametrize(
    "payload",
    [
        None,
        {},
        [POLLED],
        "samples",
        {"samples": None},
        {"samples": POLLED},
        {"samples": [POLLED, None]},
        {"samples": [[POLLED]]},
    ],
)
def test_a_message_without_a_list_of_samples_is_refused(payload: Any) -> None:
    with pytest.raises(Unusable, match="needs samples: a list of objects"):
        of(payload)


@pytest.mark.parametrize("event_type", ["telemetry", "telemetry.polling.x", "a.telemetry.polling"])
def test_other_notifications_hold_no_samples(event_type: str) -> None:
    assert of({"samples": [POLLED]}, event_type) == Made([], [], [])
