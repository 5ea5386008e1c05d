"""Samples whose making is code and no definition: sensors, requests, networks, polled samples."""

from typing import Any

import msgspec
import pytest

from meters.notified.definitions import Definitions
from meters.notified.drafts import Made, Terms, Unusable
from tests.notifications import notification

NODE = "ironic.node-1"


def made(event_type: str, payload: Any, *, existence: bool = False, **changes: Any) -> Made:
    said = notification(event_type, payload, **changes)
    return Definitions([], Terms(), existence=existence).made_of(said)


def rows(found: Made) -> list[tuple[Any, ...]]:
    return [
        (s.meter, s.type, s.unit, s.volume, s.resource, s.project, s.user) for s in found.samples
    ]


def sensors(**categories: dict[str, Any]) -> dict[str, Any]:
    return {"node_uuid": "n-1", "timestamp": "2026-03-04T05:06:02", "payload": categories}


def sensor(label: Any, reading: Any) -> dict[str, Any]:
    return {"a": {"Sensor ID": label, "Sensor Reading": reading, "States": "ok"}}


@pytest.mark.parametrize(
    ("category", "label", "reading", "row"),
    [
        ("Temperature", "DIMM GH (0x1)", "26 (+/- 0.500) degrees C",
         ("hardware.ipmi.temperature", "gauge", "C", 26.0, "n-1-dimm_gh_(0x1)")),
        ("Current", "Current 1", "0.800 (+/- 0) Amps",
         ("hardware.ipmi.current", "gauge", "Amps", 0.8, "n-1-current_1")),
        ("Current", "Pwr Consumption (0x76)", "154 (+/- 4) Watts",
         ("hardware.ipmi.power", "gauge", "W", 154.0, "n-1-pwr_consumption_(0x76)")),
        ("Fan", "FAN MOD 1A RPM", "8400 (+/- 75) RPM",
         ("hardware.ipmi.fan", "gauge", "RPM", 8400.0, "n-1-fan_mod_1a_rpm")),
        ("Voltage", "Planar 3.3V", "-3.309 (+/- 0) Volts",
         ("hardware.ipmi.voltage", "gauge", "V", -3.309, "n-1-planar_3.3v")),
    ],
)  # fmt: skip
def test_a_sensor(category: str, label: str, reading: str, row: tuple[Any, ...]) -> None:
    payload = sensors(**{category: sensor(label, reading)})
    found = made("hardware.ipmi.metrics", payload, publisher_id=NODE)
    assert rows(found) == [(*row, None, None)]
    (sample,) = found.samples
    assert sample.timestamp.isoformat() == "2026-03-04T05:06:02+00:00"
    assert msgspec.json.decode(sample.metadata) == {
        "Sensor ID": label,
        "Sensor Reading": reading,
        "States": "ok",
        "node": "n-1",
        "event_type": "hardware.ipmi.metrics",
        "host": NODE,
    }


@pytest.mark.parametrize(
    ("label", "reading"),
    [("Fan 1", "Disabled"), ("Fan 1", "Disabled RPM"), ("Fan 1", ""), ("Fan 1", None), ("Fan 1", 7),
     (None, "3 RPM"), (4, "3 RPM")],
)  # fmt: skip
def test_a_sensor_that_cannot_be_read_is_passed_over_alone(label: Any, reading: Any) -> None:
    fans = {**sensor(label, reading), "b": sensor("Fan 2", "3 RPM")["a"]}
    (row,) = rows(made("hardware.ipmi.metrics", sensors(Fan=fans)))
    assert row[3:5] == (3.0, "n-1-fan_2")


def test_who_owns_a_node_is_said_with_its_sensors() -> None:
    payload = sensors(Fan=sensor("Fan 1", "3 RPM")) | {"project_id": "p-1", "user_id": "u-1"}
    ((*_, project, user),) = rows(made("hardware.ipmi.metrics", payload))
    assert (project, user) == ("p-1", "u-1")


@pytest.mark.parametrize(
    "payload",
    [
        None, "text", [], {}, {"payload": None}, {"payload": {"Fan": []}},
        {"payload": {"Fan": {"a": 1}}}, {"payload": {"Fan": sensor("Fan 1", "3 RPM")}},
        {"node_uuid": 7, "payload": {"Fan": sensor("Fan 1", "3 RPM")}},
    ],
)  # fmt: skip
def test_sensors_of_no_node_are_none(payload: Any) -> None:
    assert rows(made("hardware.ipmi.metrics", payload)) == []


def test_a_request_is_one_of_the_service_that_was_asked() -> None:
    asked = {"HTTP_X_SERVICE_NAME": "image", "HTTP_X_PROJECT_ID": "p-1", "HTTP_X_USER_ID": "u-1"}
    assert rows(made("http.request", {"request": asked})) == [
        ("http.request", "delta", "request", 1.0, "image", "p-1", "u-1")
    ]
    asked = {"HTTP_X_SERVICE_NAME": "image"}
    assert rows(made("http.response", {"request": asked})) == [
        ("http.response", "delta", "response", 1.0, "image", None, None)
    ]


@pytest.mark.parametrize("payload", [None, {}, {"request": None}, {"request": {}}, {"request": []}])
def test_a_request_of_no_service_is_none(payload: Any) -> None:
    found = made("http.request", payload)
    assert (found.samples, [one.why for one in found.dropped]) == ([], ["it has no resource"])


LB, VPN, FIREWALL = "network.services.lb", "network.services.vpn", "network.services.firewall"


@pytest.mark.parametrize(
    ("kind", "meter", "unit"),
    [
        ("network", "network", "network"),
        ("subnet", "subnet", "subnet"),
        ("port", "port", "port"),
        ("router", "router", "router"),
        ("floatingip", "ip.floating", "ip"),
        ("pool", f"{LB}.pool", "pool"),
        ("vip", f"{LB}.vip", "vip"),
        ("member", f"{LB}.member", "member"),
        ("health_monitor", f"{LB}.health_monitor", "health_monitor"),
        ("firewall", FIREWALL, "firewall"),
        ("firewall_policy", f"{FIREWALL}.policy", "firewall_policy"),
        ("firewall_rule", f"{FIREWALL}.rule", "firewall_rule"),
        ("vpnservice", VPN, "vpnservice"),
        ("ipsecpolicy", f"{VPN}.ipsecpolicy", "ipsecpolicy"),
        ("ikepolicy", f"{VPN}.ikepolicy", "ikepolicy"),
        ("ipsec_site_connection", f"{VPN}.connections", "ipsec_site_connection"),
    ],
)
def test_what_networks_are_made_of(kind: str, meter: str, unit: str) -> None:
    owner = ("context-project", "u-1")
    one = {kind: {"id": "x-1", "name": "n"}}
    there = (meter, "gauge", unit, 1.0, "x-1", *owner)

    def asked(what: str, payload: Any, **changes: Any) -> list[tuple[Any, ...]]:
        context = {"_context_user_id": "u-1", **changes}
        return rows(made(f"{kind}.{what}", payload, existence=True, **context))

    assert asked("create.end", one) == [
        there,
        (f"{meter}.create", "delta", unit, 1.0, "x-1", *owner),
    ]
    assert asked("update.end", one) == [
        there,
        (f"{meter}.update", "delta", unit, 1.0, "x-1", *owner),
    ]
    assert asked("exists", one) == [there]
    assert asked("update.start", {"id": "x-1", kind: {"name": "m"}})[0] == there
    assert asked("delete.end", {f"{kind}_id": "x-1"}) == []
    several = {f"{kind}s": [{"id": "x-1"}, {"id": "x-2"}, "odd"]}
    assert [row[0::4] for row in asked("create.end", several)] == [
        (meter, "x-1"), (f"{meter}.create", "x-1"), (meter, "x-2"), (f"{meter}.create", "x-2"),
    ]  # fmt: skip
    assert rows(made(f"{kind}.create.end", one)) == []


@pytest.mark.parametrize("payload", [None, [], "text", {"network": None}, {"networks": "many"}])
def test_no_network_is_none(payload: Any) -> None:
    assert made("network.create.end", payload, existence=True).samples == []


def polled(**changes: Any) -> dict[str, Any]:
    return {
        "counter_name": "cpu",
        "counter_type": "cumulative",
        "counter_unit": "ns",
        "counter_volume": 5,
        "resource_id": "vm-1",
        "project_id": "p-1",
        "user_id": "u-1",
        "timestamp": "2026-03-04T05:06:00.000001+00:00",
        "resource_metadata": {"a": {"b": 1}},
        "source": "agent",
        "message_id": "0f8fad5b-d9cb-469f-a165-70867728950e",
    } | changes


@pytest.mark.parametrize("event_type", ["telemetry.polling", "telemetry.api"])
def test_polled_samples_are_taken_as_they_are(event_type: str) -> None:
    found = made(event_type, {"samples": [polled(), polled(counter_name="mem", counter_volume=0)]})
    assert rows(found) == [
        ("cpu", "cumulative", "ns", 5.0, "vm-1", "p-1", "u-1"),
        ("mem", "cumulative", "ns", 0.0, "vm-1", "p-1", "u-1"),
    ]
    sample = found.samples[0]
    assert (str(sample.message_id), sample.source) == (polled()["message_id"], "agent")
    assert sample.timestamp.isoformat() == "2026-03-04T05:06:00.000001+00:00"
    assert msgspec.json.decode(sample.metadata) == {"a": {"b": 1}}


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (None, "a list of objects"),
        ({}, "a list of objects"),
        ({"samples": {}}, "a list of objects"),
        ({"samples": [7]}, "a list of objects"),
        ({"samples": [polled(), polled(counter_volume="much")]}, "its volume is no number"),
        ({"samples": [polled(counter_type="odd")]}, "cpu"),
        ({"samples": [polled(timestamp="soon")]}, "no time"),
        ({"samples": [polled(message_id="odd")]}, "cpu"),
        ({"samples": [polled(counter_name=None)]}, "its name is no text"),
    ],
)
def test_polled_samples_that_can_be_none_are_refused(payload: Any, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        made("telemetry.polling", payload)


def test_polled_samples_without_a_volume_are_left_out() -> None:
    found = made("telemetry.polling", {"samples": [polled(counter_volume=None), polled()]})
    assert len(found.samples) == 1
    assert [one.why for one in found.dropped] == ["it has no volume"]
