"""Prometheus' text, as its own parser reads it, and to which groups it is posted."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from prometheus_client.parser import text_string_to_metric_families

from meters.publishers.prometheus import PushgatewayPublisher
from meters.samples import Sample
from telemetry_site.core.publishers.address import Address
from telemetry_site.core.publishers.publisher import Parcel, PublishError
from tests.factories import MOMENT, make_sample
from tests.receiver import Receiver, receiver


@pytest.fixture
def there() -> Iterator[Receiver]:
    """A gateway."""
    with receiver() as made:
        yield made


def send(there: Receiver, path: str, *samples: Sample) -> None:
    """A parcel of these."""
    publisher = PushgatewayPublisher(Address(there.url("prometheus", path)))
    publisher.send(Parcel(UUID(int=1), samples))
    publisher.close()


def read(body: bytes) -> dict[tuple[str, str, str, str], tuple[str, float]]:
    """Name, resource, user and project to type and value."""
    families = text_string_to_metric_families(body.decode())
    found = [(family.type, one) for family in families for one in family.samples]
    return {
        (one.name, one.labels["resource_id"], one.labels["user_id"], one.labels["project_id"]): (
            kind,
            one.value,
        )
        for kind, one in found
    }


def test_the_text_is_the_original_s(there: Receiver) -> None:
    samples = (
        make_sample(1.5, meter="disk.read-bytes", type="cumulative", resource="vm", user=None),
        make_sample(2, meter="cpu_util"),
        make_sample(3, meter="grown", type="delta"),
    )
    send(there, "/metrics/job/cloud/zone/one", *samples)
    (request,) = there.requests
    assert (request.path, request.headers["content-type"]) == (
        "/metrics/job/cloud/zone/one", "plain/text",
    )  # fmt: skip
    assert request.body.decode() == (
        "# TYPE cpu_util gauge\n"
        'cpu_util{resource_id="vm-1", user_id="u1", project_id="p1"} 2\n'
        "# TYPE disk_read_bytes counter\n"
        'disk_read_bytes{resource_id="vm", user_id="None", project_id="p1"} 1.5\n'
        'grown{resource_id="vm-1", user_id="u1", project_id="p1"} 3\n'
    )


def test_the_parser_reads_it_back(there: Receiver) -> None:
    strange = 'a"b\\c\nd'
    send(there, "/metrics/job/j/x/y", make_sample(0.1, resource=strange), make_sample(1e300))
    assert read(there.requests[0].body) == {
        ("cpu_util", strange, "u1", "p1"): ("gauge", 0.1),
        ("cpu_util", "vm-1", "u1", "p1"): ("gauge", 1e300),
    }


def test_each_resource_is_a_group_where_the_path_has_none(there: Receiver) -> None:
    send(there, "/metrics/job/cloud", make_sample(1, resource="a/b"), make_sample(2, resource="c"))
    assert [request.path for request in there.requests] == [
        "/metrics/job/cloud/resource_id/a%2Fb", "/metrics/job/cloud/resource_id/c",
    ]  # fmt: skip


def test_of_several_the_latest_counts(there: Receiver) -> None:
    late = make_sample(7, MOMENT + timedelta(minutes=1))
    send(there, "/metrics/job/j/x/y", late, make_sample(1), make_sample(None, resource="none"))
    assert [value for _, value in read(there.requests[0].body).values()] == [7]


def test_what_it_refuses(there: Receiver) -> None:
    there.answers = [400]
    with pytest.raises(PublishError) as caught:
        send(there, "/metrics/job/j", make_sample(1))
    assert caught.value.permanent
