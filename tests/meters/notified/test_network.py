"""Objects of neutron that are there, are made and changed, with values worked out by hand."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from meters.notified.definitions import Definitions
from meters.notified.drafts import Made, Terms, Unusable
from tests.notifications import notification

THING = {"id": "n-1", "name": "a net", "tenant_id": "of the object"}


def made(event_type: str, payload: Any, *, existence: bool = True, **changes: Any) -> Made:
    said = notification(event_type, payload, **{"_context_user_id": "u-1"} | changes)
    return Definitions([], Terms(), existence=existence).made_of(said)


def told(found: Made) -> list[tuple[Any, ...]]:
    return [(one.meter, one.type, one.unit, one.volume, one.resource) for one in found.samples]


KINDS = [
    ("network", "network", "network"),
    ("subnet", "subnet", "subnet"),
    ("port", "port", "port"),
    ("router", "router", "router"),
    ("floatingip", "ip.floating", "ip"),
    ("pool", "network.services.lb.pool", "pool"),
    ("vip", "network.services.lb.vip", "vip"),
    ("member", "network.services.lb.member", "member"),
    ("health_monitor", "network.services.lb.health_monitor", "health_monitor"),
    ("firewall", "network.services.firewall", "firewall"),
    ("firewall_policy", "network.services.firewall.policy", "firewall_policy"),
    ("firewall_rule", "network.services.firewall.rule", "firewall_rule"),
    ("vpnservice", "network.services.vpn", "vpnservice"),
    ("ipsecpolicy", "network.services.vpn.ipsecpolicy", "ipsecpolicy"),
    ("ikepolicy", "network.services.vpn.ikepolicy", "ikepolicy"),
    ("ipsec_site_connection", "network.services.vpn.connections", "ipsec_site_connection"),
]


@pytest.mark.parametrize(("kind", "meter", "unit"), KINDS)
def test_each_kind_has_meters_of_its_own(kind: str, meter: str, unit: str) -> None:
    there = (meter, "gauge", unit, 1.0, "n-1")
    assert told(made(f"{kind}.exists", {kind: THING})) == [there]
    for what, did in (
        ("create.end", "create"),
        ("update.start", "update"),
        ("update.end", "update"),
    ):
        assert told(made(f"{kind}.{what}", {kind: THING})) == [
            there,
            (f"{meter}.{did}", "delta", unit, 1.0, "n-1"),
        ]


@pytest.mark.parametrize(
    "event_type",
    [
        "network.create.start", "network.delete.start", "network.delete.end", "network.exists.end",
        "network.create", "network", "network.floating_ip.associate", "security_group.create.end",
        "a.network.create.end", "networks.create.end", "l3.meter",
    ],
)  # fmt: skip
def test_nothing_else_that_neutron_says_is_about_existence(event_type: str) -> None:
    assert made(event_type, {"network": THING}) == Made([], [], [])


def test_without_existence_there_are_none() -> None:
    assert made("network.create.end", {"network": THING}, existence=False) == Made([], [], [])


def test_samples_belong_to_whom_the_context_names() -> None:
    found = made("network.create.end", {"network": THING})
    for sample in found.samples:
        assert (sample.project, sample.user, sample.source) == (
            "context-project", "u-1", "openstack",
        )  # fmt: skip
        assert sample.timestamp == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
        assert json.loads(sample.metadata) == {
            **THING, "event_type": "network.create.end", "host": "service.host-1",
        }  # fmt: skip
    assert found.places == ["network.create.end"] * 2
    assert len({one.message_id for one in found.samples}) == 2


@pytest.mark.parametrize(
    ("changes", "project", "user"),
    [
        ({"_context_tenant_id": None}, None, "u-1"),
        ({"_context_user_id": None}, "context-project", None),
    ],
)
def test_who_is_not_named_is_nobody(
    changes: dict[str, Any], project: str | None, user: str | None
) -> None:
    (sample,) = made("network.exists", {"network": THING}, **changes).samples
    assert (sample.project, sample.user) == (project, user)


def test_before_a_change_the_id_stands_beside_what_will_change() -> None:
    found = made("network.update.start", {"id": "n-2", "network": {"name": "new"}})
    assert told(found) == [
        ("network", "gauge", "network", 1.0, "n-2"),
        ("network.update", "delta", "network", 1.0, "n-2"),
    ]
    assert json.loads(found.samples[0].metadata) == {
        "id": "n-2", "name": "new", "event_type": "network.update.start", "host": "service.host-1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "meter", "unit"), [("port", "port", "port"), ("floatingip", "ip.floating", "ip")]
)
def test_what_is_made_at_once_is_counted_one_by_one(kind: str, meter: str, unit: str) -> None:
    found = made(f"{kind}.create.end", {f"{kind}s": [{"id": "a", "n": 1}, None, {"id": "b"}]})
    assert told(found) == [
        (meter, "gauge", unit, 1.0, "a"),
        (f"{meter}.create", "delta", unit, 1.0, "a"),
        (meter, "gauge", unit, 1.0, "b"),
        (f"{meter}.create", "delta", unit, 1.0, "b"),
    ]
    assert json.loads(found.samples[0].metadata)["n"] == 1
    assert "n" not in json.loads(found.samples[2].metadata)
    assert len({one.message_id for one in found.samples}) == 4


@pytest.mark.parametrize(
    "payload",
    [
        None,
        [THING],
        {},
        THING,
        {"network": None},
        {"network": [THING]},
        {"networks": THING},
        {"networks": []},
        {"port": THING},
    ],
)
def test_where_no_object_is_told_there_is_nothing(payload: Any) -> None:
    assert made("network.create.end", payload) == Made([], [], [])


def test_an_object_without_an_id_is_left_out() -> None:
    found = made("network.create.end", {"networks": [{"name": "a"}, {"id": ""}, {"id": "c"}]})
    assert [one.resource for one in found.samples] == ["c", "c"]
    assert [one.why for one in found.dropped] == ["it has no resource"] * 4
    assert made("network.exists", {"network": {}}).samples == []


def test_an_id_that_is_no_text_says_so() -> None:
    with pytest.raises(Unusable, match=r"^network \(network\.exists\): its resource is no text"):
        made("network.exists", {"network": {"id": {"a": 1}}})
