"""Resource types and archive policies that a real Gnocchi has, or is given."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from telemetry_site.core.publishers.address import Address
from telemetry_site.core.publishers.gnocchi_client import Gnocchi as Client
from telemetry_site.core.publishers.gnocchi_resources import SHIPPED, read
from telemetry_site.core.publishers.gnocchi_types import Types
from telemetry_site.core.publishers.publisher import PublishError
from tests.gnocchi_server import Gnocchi

pytestmark = pytest.mark.process

TEXT = {"type": "string", "required": False, "min_length": 0, "max_length": 255}
TIME = {"type": "datetime", "required": False}


@pytest.fixture
def kind() -> str:
    """A resource type that no other test has."""
    return f"box_{uuid4().hex}"


@pytest.fixture
def client(gnocchi: Gnocchi) -> Iterator[Client]:
    made = Client(Address(f"gnocchi://admin@127.0.0.1:{gnocchi.port}"))
    yield made
    made.close()


def types(client: Client, folder: Path, entry: Mapping[str, Any], **rest: Any) -> Types:
    """Those of a file with one entry; JSON is YAML."""
    path = folder / "mine.yaml"
    path.write_bytes(msgspec.json.encode({"resources": [{"metrics": [], **entry}], **rest}))
    return Types(client, read(path))


def attributes(gnocchi: Gnocchi, kind: str) -> Any:
    return gnocchi.call("GET", f"/v1/resource_type/{kind}")["attributes"]


def make(gnocchi: Gnocchi, kind: str, **attributes: Mapping[str, Any]) -> None:
    """Make a type, as somebody else has done before us."""
    body = msgspec.json.encode({"name": kind, "attributes": attributes})
    gnocchi.call("POST", "/v1/resource_type", body)


def test_shipped_policies_are_made_once(gnocchi: Gnocchi, client: Client) -> None:
    for _ in range(2):
        Types(client, read(SHIPPED)).have_policies()
    found = gnocchi.call("GET", "/v1/archive_policy/ceilometer-low-rate")
    assert sorted(found["aggregation_methods"]) == ["mean", "rate:mean"]
    assert found["definition"] == [
        {"granularity": "0:05:00", "points": 8640, "timespan": "30 days, 0:00:00"}
    ]


def test_a_policy_that_gnocchi_refuses_is_tried_again(
    client: Client, tmp_path: Path, kind: str
) -> None:
    wrong = {"name": kind, "definition": [{"granularity": "soon"}]}
    made = types(client, tmp_path, {"resource_type": kind}, archive_policies=[wrong])
    with pytest.raises(PublishError, match="The archive policies are not there") as raised:
        made.have_policies()
    assert "Invalid input" in str(raised.value)
    assert not raised.value.permanent


def test_a_missing_type_is_made(
    gnocchi: Gnocchi, client: Client, tmp_path: Path, kind: str
) -> None:
    entry = {
        "resource_type": kind,
        "attributes": {"color": "resource_metadata.color", "made_at": "resource_metadata.made"},
        "event_attributes": {"id": "box", "project_id": "project", "place": "where"},
    }
    types(client, tmp_path, entry).have_types([kind])
    assert attributes(gnocchi, kind) == {"color": TEXT, "made_at": TIME, "place": TEXT}


def test_an_older_type_keeps_what_it_has_and_gets_what_it_lacks(
    gnocchi: Gnocchi, client: Client, tmp_path: Path, kind: str
) -> None:
    number = {"type": "number", "required": False, "min": None, "max": None}
    make(gnocchi, kind, color=number)
    entry = {"resource_type": kind, "attributes": {"color": "name", "place": "name"}}
    made = types(client, tmp_path, entry)
    made.have_types([kind])
    assert attributes(gnocchi, kind) == {"color": number, "place": TEXT}
    assert made.fitted(kind, {"color": "7", "place": 7}) == {"color": 7.0, "place": "7"}


def test_values_are_fitted_to_their_attributes(
    gnocchi: Gnocchi, client: Client, tmp_path: Path, kind: str
) -> None:
    short = {**TEXT, "max_length": 3, "min_length": 1}
    uuid, truth = {"type": "uuid", "required": False}, {"type": "bool", "required": False}
    make(gnocchi, kind, a_at=TIME, b=uuid, c=truth, d=short)
    made = types(client, tmp_path, {"resource_type": kind})
    made.have_types([kind])
    good = {"a_at": "2026-03-01 12:00:00", "b": UUID(int=1).hex, "c": True, "d": "abcd"}
    assert made.fitted(kind, {**good, "user_id": "u"}) == {
        "a_at": "2026-03-01T12:00:00+00:00",
        "b": "00000000-0000-0000-0000-000000000001",
        "c": True,
        "d": "abc",
        "user_id": "u",
    }
    bad = {"a_at": "", "b": "vm-1", "c": "yes", "d": "", "e": "unknown", "project_id": None}
    assert made.fitted(kind, bad) == {}
    assert made.fitted(kind, {"a_at": "1969-12-31T00:00:00", "d": {"x": 1}}) == {}


def test_attributes_that_gnocchi_does_not_want_are_left_out(
    gnocchi: Gnocchi,
    client: Client,
    tmp_path: Path,
    kind: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    make(gnocchi, kind)
    made = types(client, tmp_path, {"resource_type": kind, "attributes": {"_": "name"}})
    made.have_types([kind])
    assert made.fitted(kind, {"_": "a"}) == {}
    assert f"Resources of type {kind} stay without _." in caplog.text


def test_whoever_may_not_make_types_waits(gnocchi: Gnocchi, tmp_path: Path, kind: str) -> None:
    stranger = Client(Address(f"gnocchi://bob@127.0.0.1:{gnocchi.port}"))
    with pytest.raises(
        PublishError, match=rf"The resource type {kind} is not there\..*403"
    ) as raised:
        types(stranger, tmp_path, {"resource_type": kind}).have_types([kind])
    stranger.close()
    assert not raised.value.permanent
