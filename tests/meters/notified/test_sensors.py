"""Sensors of bare metal nodes, with values worked out by hand."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from meters.notified.definitions import Definitions
from meters.notified.drafts import Made, Terms, Unusable
from tests.notifications import notification

NODE = "b4a9a1f0-0000-4000-8000-000000000001"
INLET = {
    "Sensor ID": "16-Inlet Temp (0x15)",
    "Sensor Reading": "30.000 (+/- 1) degrees C",
    "Status": "ok",
}
OUTER = {
    "node_uuid": NODE,
    "event_type": "hardware.ipmi.metrics.update",
    "timestamp": "2026-03-04T07:00:00.5+02:00",
}


def made(*sensors: Any, category: str = "Temperature", **outer: Any) -> Made:
    """What there is of the sensors, in a notification of one category."""
    listed = {f"sensor {number}": sensor for number, sensor in enumerate(sensors)}
    return of(OUTER | {"payload": {category: listed}} | outer)


def of(payload: Any, event_type: str = "hardware.ipmi.metrics") -> Made:
    return Definitions([], Terms()).made_of(notification(event_type, payload))


def test_a_sample_is_of_one_sensor_of_a_node_at_the_time_it_was_read() -> None:
    found = made(INLET)
    (sample,) = found.samples
    assert (sample.meter, sample.type, sample.unit, sample.volume) == (
        "hardware.ipmi.temperature", "gauge", "C", 30.0,
    )  # fmt: skip
    assert (sample.resource, sample.project, sample.user) == (
        f"{NODE}-16-inlet_temp_(0x15)", None, None,
    )  # fmt: skip
    assert sample.timestamp == datetime(2026, 3, 4, 5, 0, 0, 500_000, tzinfo=UTC)
    assert json.loads(sample.metadata) == {
        **INLET,
        "node": NODE,
        "event_type": "hardware.ipmi.metrics.update",
        "host": "service.host-1",
    }
    assert found.places == ["hardware.ipmi.metrics"]


def test_what_the_inside_does_not_tell_the_notification_does() -> None:
    (sample,) = of(
        {"node_uuid": NODE, "payload": {"Fan": {"a": INLET | {"Sensor ID": "Fan"}}}}
    ).samples
    assert sample.timestamp == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert json.loads(sample.metadata)["event_type"] == "hardware.ipmi.metrics"


def test_owners_are_those_of_the_inside() -> None:
    (sample,) = made(INLET, project_id="p-1", user_id="u-1").samples
    assert (sample.project, sample.user) == ("p-1", "u-1")


@pytest.mark.parametrize(
    ("category", "label", "meter"),
    [
        ("Temperature", "System Board", "hardware.ipmi.temperature"),
        ("Current", "PSU 1", "hardware.ipmi.current"),
        ("Current", "Pwr Consumption (0x76)", "hardware.ipmi.power"),
        ("Fan", "FAN MOD 1A RPM (0x30)", "hardware.ipmi.fan"),
        ("Voltage", "CPU1 VCORE", "hardware.ipmi.voltage"),
    ],
)
def test_meters_are_those_of_categories(category: str, label: str, meter: str) -> None:
    (sample,) = made(INLET | {"Sensor ID": label}, category=category).samples
    assert sample.meter == meter


@pytest.mark.parametrize("category", ["Memory", "temperature", "Power"])
def test_other_categories_are_not_metered(category: str) -> None:
    assert made(INLET, category=category) == Made([], [], [])


@pytest.mark.parametrize(
    ("reading", "volume", "unit"),
    [
        ("30.000 degrees C", 30.0, "C"),
        ("16 (+/- 0) degrees C", 16.0, "C"),
        ("-4 (+/- 1) degrees C", -4.0, "C"),
        ("0 (+/- 0) RPM", 0.0, "RPM"),
        ("4200 RPM", 4200.0, "RPM"),
        ("0.600 (+/- 0) Amps", 0.6, "Amps"),
        ("3.137 (+/- 0) Volts", 3.137, "V"),
        ("154 (+/- 0) Watts", 154.0, "W"),
        ("1.5e2 watts", 150.0, "watts"),
    ],
)
def test_a_reading_begins_with_a_number_and_ends_with_a_unit(
    reading: str, volume: float, unit: str
) -> None:
    (sample,) = made(INLET | {"Sensor Reading": reading}).samples
    assert (sample.volume, sample.unit) == (volume, unit)


@pytest.mark.parametrize(
    "reading",
    [
        "Disabled", "No Reading", "0x01 state", "30", "nan degrees C", "inf W", "C", "", "  ",
        None, 30, ["30 C"],
    ],
)  # fmt: skip
def test_what_is_no_reading_keeps_no_other_sensor_from_being_read(reading: Any) -> None:
    found = made(INLET | {"Sensor Reading": reading}, INLET | {"Sensor ID": "other"})
    assert [one.resource for one in found.samples] == [f"{NODE}-other"]


@pytest.mark.parametrize(
    "sensor",
    [
        {"Sensor Reading": "1 C"},
        {"Sensor ID": "a"},
        INLET | {"Sensor ID": None},
        INLET | {"Sensor ID": 16},
        {},
        None,
        "30 C",
    ],
)
def test_a_sensor_that_lacks_something_keeps_no_other_from_being_read(sensor: Any) -> None:
    assert [one.volume for one in made(sensor, INLET).samples] == [30.0]


@pytest.mark.parametrize(
    "payload",
    [
        None,
        [INLET],
        {},
        OUTER,
        OUTER | {"payload": None},
        OUTER | {"payload": [INLET]},
        OUTER | {"payload": {"Fan": None}},
        OUTER | {"payload": {"Fan": [INLET]}},
        {"payload": {"Fan": {"a": INLET}}},
        {"payload": {"Fan": {"a": INLET}}, "node_uuid": 5},
    ],
)
def test_without_sensors_of_a_node_there_is_nothing(payload: Any) -> None:
    assert of(payload) == Made([], [], [])


def test_sensors_of_several_categories_have_ids_of_their_own() -> None:
    temperature = {"a": INLET, "b": INLET | {"Sensor ID": "b", "Sensor Reading": "2 degrees C"}}
    fan = {"c": {"Sensor ID": "c", "Sensor Reading": "3 RPM"}}
    found = of(OUTER | {"payload": {"Fan": fan, "Temperature": temperature}})
    assert sorted((one.meter, one.volume) for one in found.samples) == [
        ("hardware.ipmi.fan", 3.0),
        ("hardware.ipmi.temperature", 2.0),
        ("hardware.ipmi.temperature", 30.0),
    ]
    assert len({one.message_id for one in found.samples}) == 3


@pytest.mark.parametrize(
    ("outer", "why"),
    [
        ({"timestamp": "soon"}, "'soon' is no time"),
        ({"project_id": ["p"]}, "its project is no text"),
        ({"user_id": {"id": "u"}}, "its user is no text"),
    ],
)
def test_what_is_wrong_for_all_sensors_says_why(outer: dict[str, Any], why: str) -> None:
    with pytest.raises(Unusable, match=r"^hardware\.ipmi\.temperature \(hardware") as caught:
        made(INLET, **outer)
    assert why in str(caught.value)


def test_only_notifications_of_ipmi_have_sensors() -> None:
    inside = OUTER | {"payload": {"Temperature": {"a": INLET}}}
    assert len(of(inside, "hardware.ipmi.metrics.update").samples) == 1
    assert of(inside, "hardware.redfish.metrics") == Made([], [], [])
