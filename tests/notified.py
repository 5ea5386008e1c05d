"""The meters that notifications make, as the definitions and the code that is shipped say it."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from meters.ingest import EXISTENCE, SHIPPED
from meters.notified import network, requests, sensors
from meters.notified.drafts import Draft
from telemetry_site.core.definitions import yamlfiles
from tests.notifications import notification


class Row(NamedTuple):
    """A meter, and the event types of the notifications that make it."""

    name: str
    type: str
    unit: str
    event_types: tuple[str, ...]


def today() -> list[Row]:
    """What is made unless a setting says otherwise."""
    return sorted((*_defined(SHIPPED), *_of_requests(), *_of_sensors()))


def of_older_releases() -> list[Row]:
    """What is made with TELEMETRY_EXISTENCE_METERS."""
    return sorted((*_defined(EXISTENCE), *_of_networks()))


def _defined(folder: Path) -> Iterator[Row]:
    for path in yamlfiles.found([folder]):
        for given in yamlfiles.load(path)["metric"]:
            types = given["event_type"]
            listed = (types,) if isinstance(types, str) else tuple(types)
            yield Row(given["name"], given["type"], given["unit"], listed)


def _of_requests() -> Iterator[Row]:
    for event_type in requests.EVENT_TYPES:
        yield from _made(requests.drafts(notification(event_type)), event_type)


def _of_sensors() -> Iterator[Row]:
    event_type = f"{sensors.PREFIX}*"
    readings = {
        category: {category: {"Sensor ID": category, "Sensor Reading": "1 the sensor's"}}
        for category in sensors.METERS
    }
    power = {"Sensor ID": sensors.POWER, "Sensor Reading": "1 the sensor's"}
    readings["Current"]["power"] = power
    payload = {"node_uuid": "n", "payload": readings}
    for row in _made(sensors.drafts(notification(event_type, payload)), event_type):
        yield row._replace(unit="the sensor's")


def _of_networks() -> Iterator[Row]:
    found: dict[Row, list[str]] = {}
    for kind in network.NAMES:
        for did in ("exists", "create.end", "update.*"):
            said = notification(f"{kind}.{did}", {kind: {"id": "1"}})
            assert network.is_about(said.event_type)
            for row in _made(network.drafts(said), said.event_type):
                found.setdefault(row._replace(event_types=()), []).extend(row.event_types)
    for row, types in found.items():
        yield row._replace(event_types=tuple(types))


def _made(drafts: Iterable[Draft], event_type: str) -> Iterator[Row]:
    for draft in drafts:
        yield Row(draft.name, draft.type, draft.unit, (event_type,))
