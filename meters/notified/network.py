"""Objects of neutron that exist, are made and changed; the meters of older releases."""

from collections.abc import Iterator, Mapping
from typing import Any

from meters.notified.drafts import Draft
from telemetry_site.core.messaging.notification import Notification

LB, VPN, FIREWALL = "network.services.lb", "network.services.vpn", "network.services.firewall"
NAMES = {
    "network": "network",
    "subnet": "subnet",
    "port": "port",
    "router": "router",
    "floatingip": "ip.floating",
    **{name: f"{LB}.{name}" for name in ("pool", "vip", "member", "health_monitor")},
    "firewall": FIREWALL,
    "firewall_policy": f"{FIREWALL}.policy",
    "firewall_rule": f"{FIREWALL}.rule",
    "vpnservice": VPN,
    "ipsecpolicy": f"{VPN}.ipsecpolicy",
    "ikepolicy": f"{VPN}.ikepolicy",
    "ipsec_site_connection": f"{VPN}.connections",
}
UNITS = {"floatingip": "ip"}


def is_about(event_type: str) -> bool:
    """Whether it says that such an object is there."""
    kind, _, what = event_type.partition(".")
    return kind in NAMES and (what in ("create.end", "exists") or what.startswith("update."))


def drafts(said: Notification) -> Iterator[Draft]:
    """For each object that it is there, and what was done to it."""
    kind, did, *more = said.event_type.split(".")
    context = said.message["ctxt"]
    for thing in _objects(said.payload, kind):
        metadata = {**thing, "event_type": said.event_type, "host": said.publisher}
        name, unit = NAMES[kind], UNITS.get(kind, kind)
        owner = (context.get("tenant_id"), context.get("user_id"))
        meters = [(name, "gauge")] + ([(f"{name}.{did}", "delta")] if more else [])
        for meter, type_ in meters:
            yield Draft(
                said.event_type, meter, type_, unit, 1, thing.get("id"), *owner, None, metadata
            )


def _objects(payload: Any, kind: str) -> Iterator[Mapping[str, Any]]:
    """One, or those of a list; before a change its id stands beside it."""
    if not isinstance(payload, dict):
        return
    one, several = payload.get(kind), payload.get(f"{kind}s")
    if isinstance(one, dict):
        yield {**one, "id": one.get("id", payload.get("id"))}
    elif isinstance(several, list):
        yield from (thing for thing in several if isinstance(thing, dict))
