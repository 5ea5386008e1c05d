"""Samples that a real Gnocchi is sent, read back from it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from meters.publishers.gnocchi import GnocchiPublisher
from meters.samples import Sample
from telemetry_site.core.publishers.address import Address, BadAddress
from telemetry_site.core.publishers.publisher import Parcel, PublishError
from tests.factories import MOMENT, make_sample
from tests.gnocchi_server import Gnocchi, Installation
from tests.servers import free_port

pytestmark = pytest.mark.process

MINUTE = timedelta(minutes=1)
REQUIRED = {"type": "string", "required": True, "min_length": 0, "max_length": 255}
Make = Callable[..., GnocchiPublisher]


@pytest.fixture
def make() -> Iterator[Make]:
    """Makes publishers, which are closed at the end."""
    made: list[GnocchiPublisher] = []

    def opened(port: int, options: str = "", login: str = "admin@") -> GnocchiPublisher:
        address = Address(f"gnocchi://{login}127.0.0.1:{port}{options}")
        made.append(GnocchiPublisher(address))
        return made[-1]

    yield opened
    for one in made:
        one.close()


@pytest.fixture
def vm() -> str:
    """A resource that no other test has."""
    return str(uuid4())


def parcel(*samples: Sample) -> Parcel[Sample]:
    return Parcel(uuid4(), samples)


def cpu(resource: str, volume: float = 1.0, minutes: int = 0, **metadata: object) -> Sample:
    moment = MOMENT + minutes * MINUTE
    return make_sample(
        volume, moment, metadata, meter="cpu", type="cumulative", unit="ns", resource=resource
    )


def boxes(folder: Path, kind: str) -> str:
    """Options that name definitions of a type of our own: its metric is called as itself."""
    path = folder / "boxes.yaml"
    entry = f"resource_type: {kind}, metrics: [{kind}], attributes: {{color: resource_metadata.c}}"
    path.write_text(f"archive_policy_default: low\nresources: [{{{entry}}}]")
    return f"?resources_definition_file={path}"


def test_measures_and_attributes_arrive(gnocchi: Gnocchi, make: Make, vm: str) -> None:
    flavor = {"id": "f1", "name": "small"}
    launched = "2026-02-01T10:00:00.500000"
    make(gnocchi.port).send(
        parcel(
            cpu(vm, 10.0, host="h1", flavor=flavor, launched_at=launched, deleted_at=""),
            cpu(vm, 30.0, minutes=2, host="h1", flavor=flavor, launched_at=launched),
            cpu(vm, 50.0, minutes=5, host="h2", flavor=flavor, launched_at=launched),
            make_sample(512.0, meter="memory", unit="MiB", resource=vm),
        )
    )
    found = gnocchi.resource("instance", vm)
    names = ("project_id", "user_id", "host", "flavor_id", "flavor_name", "deleted_at", "ended_at")
    assert [found[name] for name in names] == ["p1", "u1", "h2", "f1", "small", None, None]
    assert found["launched_at"] == "2026-02-01T10:00:00.500000+00:00"
    assert gnocchi.measures(found["metrics"]["cpu"]) == [
        ["2026-03-01T12:00:00+00:00", 300.0, 20.0],
        ["2026-03-01T12:05:00+00:00", 300.0, 50.0],
    ]
    assert gnocchi.measures(found["metrics"]["cpu"], "&aggregation=rate:mean")[-1][2] == 20.0
    assert gnocchi.measures(found["metrics"]["memory"])[0][2] == 512.0
    metric = gnocchi.call("GET", f"/v1/metric/{found['metrics']['cpu']}")
    assert (metric["unit"], metric["archive_policy"]["name"]) == ("ns", "ceilometer-low-rate")


def test_a_parcel_that_comes_again_changes_nothing(gnocchi: Gnocchi, make: Make, vm: str) -> None:
    twice = parcel(cpu(vm, 1.0, host="h"), cpu(vm, 2.0, minutes=1, host="h"))
    make(gnocchi.port).send(twice)
    before = gnocchi.resource("instance", vm)
    measures = gnocchi.measures(before["metrics"]["cpu"])
    make(gnocchi.port).send(twice)
    assert gnocchi.resource("instance", vm) == before
    assert gnocchi.measures(before["metrics"]["cpu"]) == measures
    assert measures == [["2026-03-01T12:00:00+00:00", 300.0, 1.5]]


def test_a_known_resource_gets_new_metrics(gnocchi: Gnocchi, make: Make, vm: str) -> None:
    publisher = make(gnocchi.port)
    publisher.send(parcel(cpu(vm)))
    publisher.send(parcel(make_sample(7.0, meter="vcpus", unit=None, resource=vm)))
    found = gnocchi.resource("instance", vm)["metrics"]
    assert gnocchi.measures(found["vcpus"]) == [["2026-03-01T12:00:00+00:00", 300.0, 7.0]]


def test_attributes_are_updated_when_they_change(gnocchi: Gnocchi, make: Make, vm: str) -> None:
    publisher = make(gnocchi.port)
    publisher.send(parcel(cpu(vm, host="h1", display_name="a")))
    gnocchi.call("PATCH", f"/v1/resource/instance/{vm}", b'{"display_name": "by hand"}')
    publisher.send(parcel(cpu(vm, host="h1", display_name="a", minutes=1)))
    assert gnocchi.resource("instance", vm)["display_name"] == "by hand"  # it did not look
    publisher.send(parcel(cpu(vm, host="h2", display_name="a", minutes=2)))
    found = gnocchi.resource("instance", vm)
    assert (found["host"], found["display_name"]) == ("h2", "a")


def test_ids_that_are_no_uuids(gnocchi: Gnocchi, make: Make, vm: str) -> None:
    publisher = make(gnocchi.port)
    for host in ("h1", "h2"):
        publisher.send(parcel(cpu(f"{vm}/disk 1.json", host=host)))
    found = gnocchi.resource("instance", f"{vm}_disk 1.json")
    assert (found["original_resource_id"], found["host"]) == (f"{vm}_disk 1.json", "h2")


def test_unknown_meters_are_said_once(
    gnocchi: Gnocchi, make: Make, vm: str, caplog: pytest.LogCaptureFixture
) -> None:
    publisher = make(gnocchi.port)
    for _ in range(2):
        publisher.send(parcel(cpu(vm), make_sample(meter="strange")))
    assert caplog.messages == ["Not published to Gnocchi, as no resource defines them: strange."]


@pytest.mark.parametrize(
    ("options", "kept"),
    [("", 1), ("?filter_project=p1", 0), ("?filter_project=p1&enable_filter_project=false", 1)],
)
def test_the_filtered_project(
    gnocchi: Gnocchi, make: Make, vm: str, options: str, kept: int
) -> None:
    make(gnocchi.port, options).send(parcel(cpu(vm)))
    query = msgspec.json.encode({"=": {"id": vm}})
    assert len(gnocchi.call("POST", "/v1/search/resource/generic", query)) == kept


def test_the_policy_of_the_address(gnocchi: Gnocchi, make: Make, vm: str) -> None:
    make(gnocchi.port, "?archive_policy=medium").send(parcel(cpu(vm)))
    metric = gnocchi.resource("instance", vm)["metrics"]["cpu"]
    found = gnocchi.call("GET", f"/v1/metric/{metric}")
    assert found["archive_policy"]["name"] == "medium"


def test_a_policy_that_nobody_has_made_is_waited_for(gnocchi: Gnocchi, make: Make, vm: str) -> None:
    with pytest.raises(PublishError, match="no archive policy none") as raised:
        make(gnocchi.port, "?archive_policy=none").send(parcel(cpu(vm)))
    assert not raised.value.permanent


def test_a_refused_resource_is_left_out(
    gnocchi: Gnocchi, make: Make, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kind = f"box_{uuid4().hex}"
    body = {"name": kind, "attributes": {"color": REQUIRED}}
    gnocchi.call("POST", "/v1/resource_type", msgspec.json.encode(body))
    publisher = make(gnocchi.port, boxes(tmp_path, kind))
    good = make_sample(1.0, meter=kind, resource=f"{kind}_good", metadata={"c": "red"})
    bad = make_sample(1.0, meter=kind, resource=f"{kind}_bad")
    publisher.send(parcel(bad, good))
    assert gnocchi.resource(kind, good.resource)["color"] == "red"
    assert f"Resource {kind}_bad is left out." in caplog.text
    publisher.close()
    again = make(gnocchi.port, boxes(tmp_path, kind))
    with pytest.raises(PublishError, match="required key not provided @ data") as raised:
        again.send(parcel(bad))
    assert raised.value.permanent


def test_a_type_that_was_taken_away_is_made_again(
    gnocchi: Gnocchi, make: Make, tmp_path: Path, vm: str
) -> None:
    kind = f"box_{uuid4().hex}"
    publisher = make(gnocchi.port, boxes(tmp_path, kind))
    sample = make_sample(3.0, meter=kind, resource=vm, metadata={"c": "red"})
    publisher.send(parcel(sample))
    gnocchi.call("DELETE", f"/v1/resource/{kind}/{vm}")
    gnocchi.call("DELETE", f"/v1/resource_type/{kind}")
    with pytest.raises(PublishError, match=f"Resource type {kind} does not exist") as raised:
        publisher.send(parcel(sample))
    assert not raised.value.permanent
    publisher.send(parcel(sample))
    found = gnocchi.resource(kind, vm)
    assert (found["color"], gnocchi.measures(found["metrics"][kind])[0][2]) == ("red", 3.0)


def test_a_server_that_is_down_is_tried_again(
    gnocchi_installation: Installation, make: Make, vm: str
) -> None:
    port = free_port()
    publisher = make(port)
    with gnocchi_installation.serving(port, workers=1):
        publisher.send(parcel(cpu(vm, 1.0)))
    with pytest.raises(PublishError, match=f"127.0.0.1:{port} cannot be reached") as raised:
        publisher.send(parcel(cpu(vm, 2.0, minutes=5)))
    assert not raised.value.permanent
    with gnocchi_installation.serving(port, workers=1) as back:
        publisher.send(parcel(cpu(vm, 2.0, minutes=5)))
        metric = back.resource("instance", vm)["metrics"]["cpu"]
        assert [mean for _, _, mean in back.measures(metric)] == [1.0, 2.0]


def test_what_takes_long_goes_on_where_it_was(
    gnocchi: Gnocchi, make: Make, vm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("meters.publishers.gnocchi.MOST_METRICS", 1)
    monkeypatch.setattr("meters.publishers.gnocchi.MOST_SECONDS", 0.0)
    publisher, ids = make(gnocchi.port), [f"{vm}-{number}" for number in range(3)]
    whole = parcel(*(cpu(id) for id in ids))
    with pytest.raises(PublishError, match=r"^1 of 3 portions are there") as raised:
        publisher.send(whole)
    assert not raised.value.permanent
    gnocchi.call("DELETE", f"/v1/resource/instance/{ids[0]}")  # which is not sent again
    with pytest.raises(PublishError, match=r"^2 of 3 portions are there"):
        publisher.send(whole)
    publisher.send(whole)
    query = msgspec.json.encode({"in": {"id": ids}})
    found = gnocchi.call("POST", "/v1/search/resource/instance", query)
    assert sorted(one["original_resource_id"] for one in found) == ids[1:]


def test_nobody_is_let_in_without_a_login(gnocchi: Gnocchi, make: Make, vm: str) -> None:
    with pytest.raises(PublishError, match="answered 401: Unauthorized") as raised:
        make(gnocchi.port, login="").send(parcel(cpu(vm)))
    assert not raised.value.permanent  # of the parcel nothing was said


def test_an_address_needs_a_host() -> None:
    with pytest.raises(BadAddress, match="a host must be given until Keystone is supported"):
        GnocchiPublisher(Address("gnocchi://?archive_policy=low"))
