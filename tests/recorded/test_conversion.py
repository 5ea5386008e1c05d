"""Every recorded notification becomes the samples and the event that the original makes of it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from events.definitions import Unusable
from events.records import Event
from telemetry_site.conversion import convert, event_of
from telemetry_site.core.clock import on_the_wire
from telemetry_site.core.messaging.notification import decode
from tests.recorded.conftest import body, expected, moment, plain

NOW = datetime(2026, 3, 4, tzinfo=UTC)
OWN = ("name", "type", "unit", "resource_id", "project_id", "user_id")


def test_the_folder_has_recorded_notifications() -> None:
    assert len(expected()) >= 124


@pytest.mark.parametrize("name", expected())
def test_samples(name: str) -> None:
    made = convert(decode(body(name)), NOW).samples
    wanted = sorted(expected()[name]["meters"], key=lambda one: (one["name"], one["resource_id"]))
    found = sorted(map(plain, made), key=lambda one: (one["name"], one["resource_id"]))
    assert [[one[key] for key in OWN] for one in found] == [
        [one[key] for key in OWN] for one in wanted
    ]
    assert [one["volume"] for one in found] == pytest.approx(
        [float(one["volume"]) for one in wanted], rel=1e-9
    )
    # Samples of the polling agent are passed on with the text they had: it is a time of UTC.
    assert [one["timestamp"] for one in found] == [moment(one["timestamp"]) for one in wanted]


@pytest.mark.parametrize("name", expected())
def test_event(name: str) -> None:
    wanted, errors = expected()[name]["event"], expected()[name].get("errors")
    if errors:
        with pytest.raises(Unusable):
            event_of(decode(body(name)), NOW)
        return
    found = event_of(decode(body(name)), NOW)
    assert (None if found is None else shape(found)) == wanted


def shape(event: Event) -> dict[str, Any]:
    traits = [
        {
            "name": trait.name,
            "type": trait.type,
            "value": on_the_wire(trait.value) if isinstance(trait.value, datetime) else trait.value,
        }
        for trait in sorted(event.traits, key=lambda one: one.name)
    ]
    return {
        "message_id": str(event.message_id),
        "event_type": event.event_type,
        "generated": on_the_wire(event.generated),
        "traits": traits,
    }
