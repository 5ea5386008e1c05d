"""Events that make, change and end resources of a real Gnocchi."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from events.publishers.gnocchi import GnocchiEventPublisher
from events.records import Event, Trait
from telemetry_site.core import clock
from telemetry_site.core.publishers.address import Address, BadAddress
from telemetry_site.core.publishers.publisher import Parcel, PublishError
from tests.gnocchi_server import Gnocchi
from tests.servers import free_port

pytestmark = pytest.mark.process

LATER = datetime(2100, 1, 2, 3, 4, 5, tzinfo=UTC)  # than the server's own clock
ENDED = "2100-01-02T03:04:05+00:00"
DELETED = "compute.instance.delete.start"
TRAITS = {
    "display_name": "web",
    "host": "h1",
    "instance_flavor_id": "f1",
    "instance_type": "small",
    "user_id": "u1",
    "project_id": "p1",
}


@pytest.fixture
def publisher(gnocchi: Gnocchi) -> Iterator[GnocchiEventPublisher]:
    made = GnocchiEventPublisher(Address(f"gnocchi://admin@127.0.0.1:{gnocchi.port}"))
    yield made
    made.close()


@pytest.fixture
def vm() -> str:
    """An instance that no other test has."""
    return str(uuid4())


def event(event_type: str, generated: datetime = LATER, **traits: str) -> Event:
    made = tuple(Trait(name, "string", value) for name, value in sorted(traits.items()))
    return Event(uuid4(), event_type, generated, made)


def created(vm: str, **traits: str) -> Event:
    shown = {**TRAITS, **traits}
    return event("compute.instance.create.end", LATER, instance_id=vm, **shown)


def parcel(*events: Event) -> Parcel[Event]:
    return Parcel(uuid4(), events)


def interface(gnocchi: Gnocchi, vm: str) -> Any:
    """Make what belongs to the instance."""
    body = {"id": f"tap-{vm}", "instance_id": vm, "name": "tap"}
    return gnocchi.call(
        "POST", "/v1/resource/instance_network_interface", msgspec.json.encode(body)
    )["id"]


def test_an_instance_is_made_with_its_attributes(
    gnocchi: Gnocchi, publisher: GnocchiEventPublisher, vm: str
) -> None:
    publisher.send(parcel(created(vm, availability_zone="nova")))
    found = gnocchi.resource("instance", vm)
    shown = ("display_name", "host", "flavor_id", "flavor_name", "user_id", "project_id")
    assert [found[name] for name in shown] == ["web", "h1", "f1", "small", "u1", "p1"]
    assert (found["availability_zone"], found["ended_at"]) == ("nova", None)


def test_what_is_there_already_stays(
    gnocchi: Gnocchi, publisher: GnocchiEventPublisher, vm: str
) -> None:
    publisher.send(parcel(created(vm), created(vm, host="h2")))
    assert gnocchi.resource("instance", vm)["host"] == "h1"


def test_an_instance_ends_with_what_belongs_to_it(
    gnocchi: Gnocchi, publisher: GnocchiEventPublisher, vm: str
) -> None:
    other = str(uuid4())
    publisher.send(parcel(created(vm), created(other)))
    mine, foreign = interface(gnocchi, vm), interface(gnocchi, other)
    publisher.send(parcel(event(DELETED, instance_id=vm)))
    ended = [("instance", vm), ("instance_network_interface", mine)]
    assert [gnocchi.resource(*one)["ended_at"] for one in ended] == [ENDED, ENDED]
    others = [("instance", other), ("instance_network_interface", foreign)]
    assert [gnocchi.resource(*one)["ended_at"] for one in others] == [None, None]


def test_a_parcel_that_comes_again_changes_nothing(
    gnocchi: Gnocchi, publisher: GnocchiEventPublisher, vm: str
) -> None:
    twice = parcel(created(vm), event(DELETED, instance_id=vm))
    publisher.send(twice)
    before = gnocchi.resource("instance", vm)
    publisher.send(twice)
    assert gnocchi.resource("instance", vm) == before
    assert before["ended_at"] == ENDED


def test_what_gnocchi_heard_of_after_its_end_ends_now(
    gnocchi: Gnocchi, publisher: GnocchiEventPublisher, vm: str
) -> None:
    before = clock.now()
    publisher.send(parcel(created(vm), event(DELETED, before - timedelta(days=1), instance_id=vm)))
    ended = datetime.fromisoformat(gnocchi.resource("instance", vm)["ended_at"])
    assert before < ended < clock.now()


def test_a_volume_changes_hands(
    gnocchi: Gnocchi, publisher: GnocchiEventPublisher, vm: str
) -> None:
    publisher.send(parcel(event("volume.delete.end", resource_id="none")))  # so the type is there
    body = {"id": vm, "project_id": "p1", "user_id": "u1", "display_name": "disk"}
    gnocchi.call("POST", "/v1/resource/volume", msgspec.json.encode(body))
    moved = event("volume.transfer.accept.end", resource_id=vm, project_id="p2", user_id="u2")
    publisher.send(parcel(moved))
    found = gnocchi.resource("volume", vm)
    assert (found["project_id"], found["user_id"], found["display_name"]) == ("p2", "u1", "disk")


def test_other_events_and_unknown_resources_are_passed_over(
    gnocchi: Gnocchi, publisher: GnocchiEventPublisher, vm: str
) -> None:
    publisher.send(parcel(event("router.create.end"), event(DELETED, instance_id=vm)))
    query = msgspec.json.encode({"=": {"id": vm}})
    assert gnocchi.call("POST", "/v1/search/resource/generic", query) == []


def test_an_event_without_an_id_is_said_and_left_out(
    gnocchi: Gnocchi, publisher: GnocchiEventPublisher, vm: str, caplog: pytest.LogCaptureFixture
) -> None:
    publisher.send(parcel(event(DELETED), created(vm)))
    assert gnocchi.resource("instance", vm)["ended_at"] is None
    assert caplog.messages == [f"{DELETED} names no resource in its trait instance_id."]


BOXES = """
resources:
  - resource_type: {kind}
    metrics: []
    event_create: box.made
    event_update: box.sold
    event_attributes: {{id: box, color: color, project_id: project}}
    event_associated_resources: {{{kind}_lid: '{{"=": {{"box": "%s"}}}}'}}
  - resource_type: {kind}_lid
    metrics: []
    attributes: {{box: name, color: name}}
"""
Boxes = tuple[str, GnocchiEventPublisher]


@pytest.fixture
def boxes(gnocchi: Gnocchi, tmp_path: Path) -> Iterator[Boxes]:
    """A type of our own, whose resources must have a color, and a publisher that knows it."""
    kind = f"box_{uuid4().hex[:20]}"
    path = tmp_path / "boxes.yaml"
    path.write_text(BOXES.format(kind=kind))
    color = {"type": "string", "required": True}
    body = {"name": kind, "attributes": {"color": color}}
    gnocchi.call("POST", "/v1/resource_type", msgspec.json.encode(body))
    options = f"resources_definition_file={path}"
    made = GnocchiEventPublisher(Address(f"gnocchi://admin@127.0.0.1:{gnocchi.port}?{options}"))
    yield kind, made
    made.close()


def test_what_gnocchi_refuses_is_left_out(
    gnocchi: Gnocchi, boxes: Boxes, caplog: pytest.LogCaptureFixture
) -> None:
    kind, publisher = boxes
    bad = event("box.made", box=f"{kind}/1")
    with pytest.raises(PublishError, match="required key not provided") as raised:
        publisher.send(parcel(bad))
    assert raised.value.permanent
    publisher.send(parcel(bad, event("box.made", box=f"{kind}/2", color="red")))
    assert gnocchi.resource(kind, f"{kind}_2")["color"] == "red"
    assert f"box.made left {kind}_1 as it was." in caplog.text


def test_what_belongs_to_a_resource_changes_hands_with_it(gnocchi: Gnocchi, boxes: Boxes) -> None:
    kind, publisher = boxes
    publisher.send(parcel(event("box.made", box=kind, color="red", project="p1")))
    lid = msgspec.json.encode({"id": f"lid-{kind}", "box": kind, "color": "blue"})
    gnocchi.call("POST", f"/v1/resource/{kind}_lid", lid)
    publisher.send(parcel(event("box.sold", box=kind, color="green", project="p2")))
    found = [gnocchi.resource(kind, kind), gnocchi.resource(f"{kind}_lid", f"lid-{kind}")]
    assert [(one["color"], one["project_id"]) for one in found] == [("green", "p2"), ("blue", "p2")]


def test_a_server_that_is_down_is_no_refusal(vm: str) -> None:
    publisher = GnocchiEventPublisher(Address(f"gnocchi://admin@127.0.0.1:{free_port()}"))
    with pytest.raises(PublishError, match="cannot be reached") as raised:
        publisher.send(parcel(created(vm)))
    publisher.close()
    assert not raised.value.permanent


def test_an_address_needs_a_host_and_may_have_options_of_samples() -> None:
    with pytest.raises(BadAddress, match="a host must be given until Keystone is supported"):
        GnocchiEventPublisher(Address("gnocchi://"))
    options = "archive_policy=low&filter_project=service&enable_filter_project=true"
    GnocchiEventPublisher(Address(f"gnocchi://h?{options}")).close()
