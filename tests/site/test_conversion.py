"""Notifications of each service, in tests/conversions, become what stands beside them."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

import pytest

from events.ingest import SHIPPED as EVENTS
from events.ingest import definitions
from events.records import Event
from meters.ingest import SHIPPED as METERS
from meters.ingest import from_notification as samples_from
from meters.notified.loading import load as load_meters
from meters.samples import Sample
from telemetry_site.conversion import convert
from telemetry_site.core.definitions import yamlfiles
from telemetry_site.core.messaging.notification import Notification, decode
from tests.conversions import CASES
from tests.notified import today

NOW = datetime(2026, 12, 24, tzinfo=UTC)
TRAIT_TYPES = {str: "string", int: "integer", float: "float", datetime: "datetime"}
EXPECTED = [case["event"] for case in CASES.values() if case["event"]]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_notification_becomes_what_stands_beside_it(case: Mapping[str, Any]) -> None:
    said = _decoded(case)
    made = convert(said, NOW)
    assert [fault.part for fault in made.faults] == case.get("faults", [])
    wanted = [_wanted_sample(one, said) for one in case["samples"]]
    assert _sorted(_plain(one) for one in made.samples) == _sorted(wanted)
    assert (_plain_event(made.event) if made.event else None) == _wanted_event(case["event"], said)


def test_no_two_notifications_have_one_id() -> None:
    ids = [case["notification"]["message_id"] for case in CASES.values()]
    assert len(set(ids)) == len(ids)


def test_every_meter_that_is_shipped_is_made() -> None:
    made = [samples_from(_decoded(case)) for case in CASES.values() if case["samples"]]
    defined = load_meters([METERS]).definitions
    assert {one.place for one in defined} - {place for one in made for place in one.places} == set()
    by_code = {row.name for row in today()} - {one.name for one in defined}
    assert by_code - {sample.meter for one in made for sample in one.samples} == set()


def test_every_event_type_comes_up_that_no_later_definition_takes() -> None:
    event_types = {event["event_type"] for event in EXPECTED}
    later: list[str] = []
    for definition in reversed(yamlfiles.load(EVENTS)):
        types = definition["event_type"]
        patterns = [types] if isinstance(types, str) else types
        made = [said for said in event_types if _place(said) == _at(definition)]
        for pattern in patterns:
            taken = any(fnmatchcase(pattern, other) for other in later)
            assert taken or any(fnmatchcase(said, pattern) for said in made), pattern
        later += patterns


def test_every_trait_is_made() -> None:
    """One that several definitions share, by its name and its field, is asked for once."""
    traits = {_at(one): one["traits"] for one in yamlfiles.load(EVENTS)}
    wanted, found = set(), set()
    for event in EXPECTED:
        for name, field in traits.get(_place(event["event_type"]), {}).items():
            wanted.add((name, str(field)))
            if name in event["traits"]:
                found.add((name, str(field)))
    assert wanted - found == set()


def _at(definition: yamlfiles.Located) -> str:
    return f"{EVENTS.name}, line {definition.line}"


def _place(event_type: str) -> str:
    """Where the definition stands that makes events of the type."""
    found = definitions().chosen(event_type)
    assert found is not None
    return found.place


def _decoded(case: Mapping[str, Any]) -> Notification:
    return decode(json.dumps(case["notification"]).encode())


def _wanted_sample(given: Mapping[str, Any], said: Notification) -> dict[str, Any]:
    """With the payload and who said what for metadata, unless it has others."""
    payload = said.payload if isinstance(said.payload, dict) else {}
    usual = {**payload, "event_type": said.event_type, "host": said.publisher}
    metadata = given.get("metadata", usual)
    if "user_metadata" in given:
        metadata = {**metadata, "user_metadata": given["user_metadata"]}
    return {
        "name": given["name"],
        "type": given["type"],
        "unit": given["unit"],
        "volume": given["volume"],
        "resource_id": given["resource_id"],
        "project_id": given.get("project_id"),
        "user_id": given.get("user_id"),
        "source": given.get("source", "openstack"),
        "timestamp": _zoned(given["timestamp"]),
        "metadata": metadata,
    }


def _plain(sample: Sample) -> dict[str, Any]:
    return {
        "name": sample.meter,
        "type": sample.type,
        "unit": sample.unit,
        "volume": sample.volume,
        "resource_id": sample.resource,
        "project_id": sample.project,
        "user_id": sample.user,
        "source": sample.source,
        "timestamp": sample.timestamp,
        "metadata": json.loads(sample.metadata),
    }


def _sorted(samples: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(samples, key=lambda one: (one["name"], one["resource_id"]))


def _wanted_event(given: Mapping[str, Any] | None, said: Notification) -> dict[str, Any] | None:
    if given is None:
        return None
    return {
        "message_id": said.message_id,
        "event_type": given["event_type"],
        "generated": _zoned(given["generated"]),
        "traits": {
            name: (TRAIT_TYPES[type(value)], _zoned(value))
            for name, value in given["traits"].items()
        },
    }


def _plain_event(event: Event) -> dict[str, Any]:
    traits = {trait.name: (trait.type, trait.value) for trait in event.traits}
    assert len(traits) == len(event.traits)
    return {
        "message_id": str(event.message_id),
        "event_type": event.event_type,
        "generated": event.generated,
        "traits": traits,
    }


def _zoned(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
