"""What services say becomes the samples and the event that stand beside it."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import msgspec
import pytest

from events import ingest as events
from meters import ingest as meters
from meters.notified.loading import load
from telemetry_site.conversion import convert
from telemetry_site.core.messaging.notification import Notification, from_wire
from tests import said
from tests.notifications import wire

SPOKEN = "2026-03-04T05:06:07"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
# Entries whose event types all stand in entries behind them too, which count: so it is in the
# original's file.
SHADOWED = {"volume.exists", "network.*", "objectstore.http.request", "trove.instance.create"}


@cache
def entries() -> dict[str, dict[str, Any]]:
    return said.entries()


def notification(entry: dict[str, Any]) -> Notification:
    return from_wire(wire(**entry["said"]))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("name", entries())
def test_samples(name: str) -> None:
    entry = entries()[name]
    made = convert(notification(entry), NOW)
    assert not made.faults
    found = [
        (s.meter, s.type, s.unit, s.volume, s.resource, s.project, s.user, s.timestamp)
        for s in made.samples
    ]
    wanted = [(*row[:7], moment((*row, SPOKEN)[7])) for row in entry["samples"]]
    assert sorted(found, key=str) == sorted(wanted, key=str)
    for sample in made.samples:
        assert msgspec.json.decode(sample.metadata) == metadata(entry)
    assert len({sample.message_id for sample in made.samples}) == len(made.samples)


def metadata(entry: dict[str, Any]) -> Any:
    spoken = entry["said"]
    named = {"event_type": spoken["event_type"], "host": spoken["publisher_id"]}
    return entry.get("metadata", {**spoken["payload"], **named, **entry.get("more_metadata", {})})


@pytest.mark.parametrize("name", entries())
def test_event(name: str) -> None:
    entry = entries()[name]
    event = convert(notification(entry), NOW).event
    if entry["event"] is None:
        assert event is None
        return
    assert event is not None
    wanted = dict(entry["event"])
    assert event.event_type == entry["said"]["event_type"]
    assert event.generated == moment(wanted.pop("generated", SPOKEN))
    found: dict[str, dict[str, Any]] = {}
    for trait in event.traits:
        value = trait.value.isoformat()[:-6] if isinstance(trait.value, datetime) else trait.value
        found.setdefault(trait.type, {})[trait.name] = value
    assert found == wanted


def test_every_shipped_meter_is_made() -> None:
    places = {
        place
        for entry in entries().values()
        for place in meters.from_notification(notification(entry)).places
    }
    shipped = load([meters.SHIPPED]).definitions
    assert [one.name for one in shipped if one.place not in places] == []


def test_every_shipped_event_is_made() -> None:
    chosen = {
        events.definitions().chosen(entry["said"]["event_type"]) for entry in entries().values()
    }
    left = [one for one in events.definitions()._definitions if one not in chosen]
    assert len(left) == len(SHADOWED)
    assert all(any(one.matches(name.replace("*", "x")) for one in left) for name in SHADOWED)
