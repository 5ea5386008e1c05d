"""The meters of older releases beside those of today, with values worked out by hand."""

from typing import Any

import pytest

from meters.ingest import EXISTENCE, SHIPPED
from meters.notified.definitions import Definitions
from meters.notified.drafts import Terms
from meters.notified.loading import load
from tests.notifications import notification

DEFINITIONS = Definitions(load([SHIPPED, EXISTENCE]).definitions, Terms(), existence=True)
OWNED = {"tenant_id": "p", "user_id": "u"}
VOLUME = OWNED | {"volume_id": "v", "size": 3}
SNAPSHOT = OWNED | {"snapshot_id": "s", "volume_size": 4}
SERVER = OWNED | {"instance_id": "i", "memory_mb": 64, "vcpus": 2, "root_gb": 1, "ephemeral_gb": 0}
ENTITY = {"resource_info": "e", "initiator": {"id": "u"}}


@pytest.mark.parametrize(
    ("event_type", "payload", "resource", "owners", "meters"),
    [
        (
            "image.upload",
            {"id": "m", "owner": "p", "size": 9},
            "m",
            ("p", None),
            ["image gauge image 1", "image.size gauge B 9", "image.upload gauge image 1"],
        ),
        (
            "volume.create.end",
            VOLUME,
            "v",
            ("p", "u"),
            [
                "volume gauge volume 1",
                "volume.create.end delta volume 1",
                "volume.size gauge GiB 3",
            ],
        ),
        (
            "volume.exists",
            VOLUME,
            "v",
            ("p", "u"),
            ["volume gauge volume 1", "volume.exists delta volume 1", "volume.size gauge GiB 3"],
        ),
        (
            "snapshot.delete.start",
            SNAPSHOT,
            "s",
            ("p", "u"),
            [
                "snapshot gauge snapshot 1",
                "snapshot.delete.start delta snapshot 1",
                "snapshot.size gauge GiB 4",
            ],
        ),
        (
            "compute.instance.power_off.end",
            SERVER,
            "i",
            ("p", "u"),
            [
                "disk.ephemeral.size gauge GiB 0",
                "disk.root.size gauge GiB 1",
                "instance gauge instance 1",
                "memory gauge MiB 64",
                "vcpus gauge vcpu 2",
            ],
        ),
        ("compute.instance.update", SERVER, "i", ("p", "u"), ["instance gauge instance 1"]),
        (
            "scheduler.run_instance.scheduled",
            {
                "instance_id": "i",
                "request_spec": {"instance_properties": {"project_id": "p", "user_id": "u"}},
            },
            "i",
            ("p", "u"),
            ["instance.scheduled delta instance 1"],
        ),
        (
            "orchestration.stack.resume.end",
            {"stack_identity": "k", "tenant_id": "p"},
            "k",
            ("p", "trustor"),
            ["stack.resume delta stack 1"],
        ),
        (
            "sahara.cluster.create",
            {"cluster_id": "c", "project_id": "p"},
            "c",
            ("p", None),
            ["cluster.create delta cluster 1"],
        ),
        (
            "magnetodb.table.create.end",
            {"table_uuid": "t", "index_count": 6},
            "t",
            ("tenant", "context-user"),
            ["magnetodb.table.create gauge table 1", "magnetodb.table.index.count gauge index 6"],
        ),
        (
            "identity.group.deleted",
            ENTITY,
            "e",
            (None, "u"),
            ["identity.group.deleted delta group 1"],
        ),
        (
            "identity.OS-TRUST:trust.created",
            ENTITY,
            "e",
            (None, "u"),
            ["identity.trust.created delta trust 1"],
        ),
        (
            "identity.role_assignment.deleted",
            {"role": "r", "initiator": {"id": "u"}},
            "r",
            (None, "u"),
            ["identity.role_assignment.deleted delta role_assignment 1"],
        ),
        (
            "identity.authenticate",
            {"outcome": "failure", "initiator": {"id": "u"}},
            "u",
            (None, "u"),
            ["identity.authenticate.failure delta user 1"],
        ),
        (
            "objectstore.http.request",
            {"target": {"id": "a"}, "initiator": {"id": "u", "project_id": "p"}},
            "a",
            ("p", "u"),
            ["storage.api.request delta request 1"],
        ),
        (
            "profiler.db",
            {"name": "db", "base_id": "b", "project_id": "p", "user_id": "u"},
            "profiler-b",
            ("p", "u"),
            ["db gauge trace 1"],
        ),
    ],
)
def test_meters(
    event_type: str,
    payload: Any,
    resource: str,
    owners: tuple[str | None, str | None],
    meters: list[str],
) -> None:
    said = notification(
        event_type, payload, _context_tenant="tenant", _context_trustor_user_id="trustor"
    )
    found = DEFINITIONS.made_of(said).samples
    assert sorted(f"{one.meter} {one.type} {one.unit} {one.volume:g}" for one in found) == meters
    assert {one.resource for one in found} == {resource}
    assert {(one.project, one.user) for one in found} == {owners}
