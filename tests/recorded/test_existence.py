"""With the meters of existence, recorded notifications are what mitaka made of them.

Where they are not, a row of a table says why ours is right.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from re import fullmatch
from typing import Any, NamedTuple

import pytest

from meters.ingest import EXISTENCE, SHIPPED
from meters.notified.definitions import Definitions
from meters.notified.drafts import Terms, Unusable
from meters.notified.loading import load
from telemetry_site.core.messaging.notification import decode, from_wire
from tests.recorded.conftest import body, expected, moment, plain

# Owners come from the context, as they did in mitaka.
DEFINITIONS = Definitions(
    load([SHIPPED, EXISTENCE], lambda file: True).definitions, Terms(), existence=True
)
KEYS = ("name", "type", "unit", "volume", "resource_id", "project_id", "user_id", "timestamp")
# Today's release names the units that were always meant.
UNITS = {"GB": "GiB", "MB": "MiB"}


class Difference(NamedTuple):
    """Samples that only one side has: expressions of their event types and meters, and why."""

    event_type: str
    meter: str
    why: str


ONLY_THEIRS = [
    Difference(
        r"compute\.instance\.create\.start",
        r"memory|vcpus|disk\.(root|ephemeral)\.size",
        "as in today's release, a server has no size before it is there",
    ),
    Difference(
        r"identity\.authenticate",
        r"identity\.authenticate\.(success|pending|failure)",
        "mitaka counted all three outcomes of each, and there is one",
    ),
]
SERVERS = r"compute\.instance\..*"
NETWORKS = (
    r"(network|subnet|port|router|floatingip|pool|vip|member|health_monitor|firewall"
    r"|firewall_policy|firewall_rule|vpnservice|ikepolicy|ipsecpolicy|ipsec_site_connection)"
    r"\.(exists|create\.end|update\..*)"
)
CODE = "it was code in mitaka, and the lists are those of its definitions"
LATER = "today's release has it, and mitaka had not"
ONLY_OURS = [
    Difference(SERVERS, r"instance", CODE),
    Difference(NETWORKS, r".*", CODE),
    Difference(r"http\.request", r"http\.request", CODE),
    Difference(r"telemetry\.polling", r".*", CODE),
    Difference(r"backup\..*", r"backup\.size", LATER),
    Difference(r"capacity\.pool\..*", r"volume\.provider\.pool\.capacity\..*", LATER),
    Difference(r"share\..*", r"manila\.share\.size", LATER),
    Difference(r"volume\.retype", r"volume\.size", LATER),
]


def wire(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(body(name))
    return found


def has_time(name: str) -> bool:
    try:
        moment(wire(name)["timestamp"])
    except ValueError:
        return False
    return True


TIMED = [name for name in expected() if has_time(name)]


def ours(name: str) -> list[dict[str, Any]]:
    return [plain(one) for one in DEFINITIONS.made_of(decode(body(name))).samples]


def theirs(name: str) -> Iterator[dict[str, Any]]:
    found = expected("mitaka")[name]
    for one in [*found["meters"], *found["non_metric_meters"]]:
        yield one | {
            "unit": UNITS.get(one["unit"], one["unit"]),
            "volume": float(one["volume"]),
            "timestamp": moment(one["timestamp"]),
        }


def counted(samples: Iterable[dict[str, Any]]) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(one[key] for key in KEYS) for one in samples)


def unexplained(
    more: Counter[tuple[Any, ...]], event_type: str, by: list[Difference]
) -> list[tuple[Any, ...]]:
    """Of these samples those that no row is about."""
    rows = [row for row in by if fullmatch(row.event_type, event_type)]
    return [one for one in more if not any(fullmatch(row.meter, one[0]) for row in rows)]


@pytest.mark.parametrize("name", TIMED)
def test_samples(name: str) -> None:
    event_type = wire(name)["event_type"]
    found, wanted = counted(ours(name)), counted(theirs(name))
    assert unexplained(wanted - found, event_type, ONLY_THEIRS) == []
    assert unexplained(found - wanted, event_type, ONLY_OURS) == []


@pytest.mark.parametrize("row", [*ONLY_THEIRS, *ONLY_OURS])
def test_each_difference_is_one(row: Difference) -> None:
    about = [name for name in TIMED if fullmatch(row.event_type, wire(name)["event_type"])]
    sides = [(counted(ours(name)), counted(theirs(name))) for name in about]
    more = [b - a if row in ONLY_THEIRS else a - b for a, b in sides]
    assert any(fullmatch(row.meter, one[0]) for found in more for one in found)


@pytest.mark.parametrize("name", [name for name in expected() if name not in TIMED])
def test_mitaka_took_any_text_for_a_time_and_we_store_times(name: str) -> None:
    with pytest.raises(Unusable, match="is no time"):
        ours(name)


def told(name: str) -> list[str]:
    """The ids of the network objects, or of the server, that a notification is about."""
    payload, kind = wire(name)["payload"], wire(name)["event_type"].split(".")[0]
    if kind == "compute":
        return [payload["instance_id"]]
    things = payload.get(f"{kind}s", [payload.get(kind)])
    return [thing.get("id") or payload["id"] for thing in things if thing]


@pytest.mark.parametrize(
    "name",
    [name for name in expected() if fullmatch(f"{SERVERS}|{NETWORKS}", wire(name)["event_type"])],
)
def test_what_was_code_counts_each_thing_and_what_was_done_to_it(name: str) -> None:
    event_type = wire(name)["event_type"]
    is_done = not event_type.startswith("compute.") and event_type.count(".") > 1
    made = DEFINITIONS.made_of(from_wire(wire(name) | {"timestamp": "2026-03-04 05:06:07"}))
    found = [one for one in made.samples if one.meter == "instance" or "compute" not in event_type]
    assert [(one.type, one.volume, one.resource) for one in found] == [
        (type_, 1.0, thing)
        for thing in told(name)
        for type_ in (["gauge", "delta"] if is_done else ["gauge"])
    ]
