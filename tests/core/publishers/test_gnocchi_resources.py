"""Resource definitions for Gnocchi: the shipped ones, and what is wrong with others."""

from pathlib import Path
from textwrap import dedent

import pytest

from telemetry_site.core.errors import BadDefinition
from telemetry_site.core.publishers.address import Address, BadAddress
from telemetry_site.core.publishers.gnocchi_definitions import (
    CREATE,
    DELETE,
    UPDATE,
    Definitions,
    filled,
    resource_id,
)
from telemetry_site.core.publishers.gnocchi_resources import SHIPPED, definitions_of, read

ENTRY = """
resources:
  - resource_type: box
    metrics: [weight]
"""


@pytest.fixture
def shipped() -> Definitions:
    return read(SHIPPED)


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.yaml"
    path.write_text(dedent(text))
    return path


@pytest.mark.parametrize(
    ("metric", "kind", "policy"),
    [
        ("cpu", "instance", "ceilometer-low-rate"),
        ("memory", "instance", "ceilometer-low"),
        ("network.incoming.bytes", "instance_network_interface", "ceilometer-low-rate"),
        ("disk.device.capacity", "instance_disk", "ceilometer-low"),
        ("snapshot.size", "volume", "ceilometer-low"),
        ("hardware.ipmi.fan", "ipmi_sensor", "ceilometer-low"),
        ("dns.zone.serial", "dns_zone", "ceilometer-low"),
    ],
)
def test_each_shipped_metric_has_a_type_and_a_policy(
    shipped: Definitions, metric: str, kind: str, policy: str
) -> None:
    found = shipped.of_metric(metric)
    assert found is not None
    assert (found.type, found.metrics[metric]) == (kind, policy)


def test_a_meter_without_a_definition_has_none(shipped: Definitions) -> None:
    assert shipped.of_metric("compute.node.nothing") is None


@pytest.mark.parametrize(
    ("event", "kind", "operation"),
    [
        ("compute.instance.create.end", "instance", CREATE),
        ("compute.instance.delete.start", "instance", DELETE),
        ("image.delete", "image", DELETE),
        ("snapshot.delete.end", "volume", DELETE),
        ("volume.transfer.accept.end", "volume", UPDATE),
        ("octavia.loadbalancer.delete.end", "loadbalancer", DELETE),
    ],
)
def test_shipped_events_end_make_or_change(
    shipped: Definitions, event: str, kind: str, operation: str
) -> None:
    found = shipped.of_event(event)
    assert found is not None
    assert (found[0].type, found[1]) == (kind, operation)


def test_other_events_mean_nothing(shipped: Definitions) -> None:
    assert shipped.of_event("compute.instance.delete.end") is None


@pytest.mark.parametrize(
    ("metadata", "shown"),
    [
        ({"host": "h1", "instance_host": "h2"}, {"host": "h2"}),
        ({"flavor": {"id": "f1", "name": "small"}}, {"flavor_id": "f1", "flavor_name": "small"}),
        ({"flavor_id": "f2", "instance_type": "big"}, {"flavor_id": "f2", "flavor_name": "big"}),
        ({"user_metadata": {"server_group": "g"}}, {"server_group": "g"}),
    ],
)
def test_attributes_are_found_in_metadata(
    shipped: Definitions, metadata: dict[str, object], shown: dict[str, str]
) -> None:
    entry = shipped.of_metric("cpu")
    assert entry is not None
    document = {"resource_metadata": metadata}
    found = {name: where.value(document) for name, where in entry.attributes.items()}
    assert {name: value for name, value in found.items() if value is not None} == shown


def test_a_type_has_the_attributes_of_samples_and_of_events(shipped: Definitions) -> None:
    found = shipped.attributes("instance")
    assert found[:2] == ["host", "image_ref"]
    assert "availability_zone" in found
    assert {"id", "user_id", "project_id"}.isdisjoint(found)


def test_policies_are_those_of_the_metric_the_file_or_the_address(tmp_path: Path) -> None:
    text = """
        archive_policy_default: medium
        resources:
          - resource_type: box
            metrics:
              weight:
              volume: {archive_policy_name: high}
        """
    path = written(tmp_path, text)
    entry = read(path).of_metric("weight")
    assert entry is not None and entry.metrics == {"weight": "medium", "volume": "high"}
    address = Address(f"gnocchi://h?archive_policy=bool&resources_definition_file={path}")
    assert definitions_of(address).named_policies == {"bool"}
    assert address.left == []


def test_metrics_may_be_a_list_and_events_have_wildcards(tmp_path: Path) -> None:
    text = """
        resources:
          - resource_type: box
            ignore: true
            metrics: [weight]
            event_delete: ["box.*.end"]
            event_attributes: {id: box_id}
        """
    definitions = read(written(tmp_path, text))
    entry = definitions.of_metric("weight")
    assert entry is not None and entry.ignored
    assert definitions.of_event("box.delete.end") == (entry, DELETE)
    assert definitions.of_event("box.delete.start") is None


@pytest.mark.parametrize(
    ("addition", "line", "why"),
    [
        ("    attributes: {size: 'a.['}", 3, "size in attributes of resource box:"),
        ("    event_delete: box.end", 3, "resource box has events, so its event_attributes"),
        ("    event_delete: [1]\n    event_attributes: {id: a}", 3, "event_delete of resource box"),
        ("    event_attributes: {id: 1}", 3, "it must be the name of a trait"),
        ("    event_associated_resources: {lid: '{'}", 3, "lid in event_associated_resources"),
        ("  - metrics: []", 5, "a resource needs a resource_type"),
        ("  - resource_type: lid", 5, "resource lid needs metrics: an object or a list"),
        ("  - resource_type: lid\n    metrics: {a: 1}", 5, "metric a of resource lid"),
        ("archive_policies:\n  - back_window: 0", 6, "an archive policy needs a name"),
        ("archive_policies: 1", 2, "archive_policies must be a list of objects"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(
    tmp_path: Path, addition: str, line: int, why: str
) -> None:
    path = written(tmp_path, f"{ENTRY}{addition}\n")
    with pytest.raises(BadDefinition) as raised:
        read(path)
    assert str(raised.value).startswith(f"{path}, line {line}: ")
    assert why in str(raised.value)


def test_an_address_with_a_file_that_is_not_there_is_bad() -> None:
    with pytest.raises(BadAddress, match=r"/none\.yaml, line 1: it cannot be read"):
        definitions_of(Address("gnocchi://h?resources_definition_file=/none.yaml"))


def test_the_shipped_file_may_be_named() -> None:
    found = definitions_of(Address(f"gnocchi://h?resources_definition_file={SHIPPED.name}"))
    assert found.of_metric("cpu") is not None


def test_ids_cannot_break_out_of_a_query() -> None:
    query = {"and": [{"=": {"instance_id": "%s"}}, {"=": {"ended_at": None}}]}
    assert filled(query, 'a"}') == {
        "and": [{"=": {"instance_id": 'a"}'}}, {"=": {"ended_at": None}}]
    }


@pytest.mark.parametrize(
    ("text", "id"), [("a/b/c", "a_b_c"), ("x" * 289, "x" * 289), ("x" * 290, None), ("", None)]
)
def test_ids_have_no_slash_and_at_most_289_letters(text: str, id: str | None) -> None:
    assert resource_id(text) == id
