"""hardware.ipmi.*: the sensors of bare metal nodes, as ironic sends them."""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from meters.notified.drafts import Draft
from telemetry_site.core.messaging.notification import Notification

PREFIX = "hardware.ipmi."
METERS = {
    "Temperature": "hardware.ipmi.temperature",
    "Current": "hardware.ipmi.current",
    "Fan": "hardware.ipmi.fan",
    "Voltage": "hardware.ipmi.voltage",
}
POWER = "Pwr Consumption"
UNITS = {"Watts": "W", "Volts": "V"}


def drafts(said: Notification) -> Iterator[Draft]:
    """One for each sensor that can be read; power consumption stands among the currents."""
    outer = said.payload if isinstance(said.payload, dict) else {}
    inner = outer.get("payload")
    if not isinstance(inner, dict):
        return
    for category, name in METERS.items():
        sensors = inner.get(category)
        for sensor in sensors.values() if isinstance(sensors, dict) else ():
            if isinstance(sensor, dict):
                yield from _of_sensor(sensor, name, outer, said)


def _of_sensor(
    sensor: Mapping[str, Any], name: str, outer: Mapping[str, Any], said: Notification
) -> Iterator[Draft]:
    label, reading = sensor.get("Sensor ID"), sensor.get("Sensor Reading")
    value, unit = _reading(reading)
    node = outer.get("node_uuid")
    if not isinstance(label, str) or value is None or not isinstance(node, str):
        return
    event_type = outer.get("event_type", said.event_type)
    metadata = {**sensor, "node": node, "event_type": event_type, "host": said.publisher}
    yield Draft(
        said.event_type,
        "hardware.ipmi.power" if POWER in label else name,
        "gauge",
        unit,
        value,
        f"{node}-{label.replace(' ', '_').lower()}",
        outer.get("project_id"),
        outer.get("user_id"),
        outer.get("timestamp"),
        metadata,
    )


def _reading(text: Any) -> tuple[float | None, str]:
    """The number and the unit of `16 (+/- 0) degrees C`; no number where one of them lacks."""
    try:
        number, *_, unit = (text if isinstance(text, str) else "").split()
        value = float(number)
    except ValueError:
        return None, ""
    return value if isfinite(value) else None, UNITS.get(unit, unit)
