"""Prometheus' text, as its own parser reads it, and to which groups it is posted."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from meters.publishers.metric_names import name_of
from meters.publishers.prometheus import PushgatewayPublisher, latest, text
from meters.samples import Sample
from telemetry_site.core.publishers.address import Address
from telemetry_site.core.publishers.publisher import Parcel, PublishError
from tests.factories import MOMENT, make_sample
from tests.receiver import Receiver, receiver
from tests.servers import free_port


@pytest.fixture
def there() -> Iterator[Receiver]:
    """A gateway."""
    with receiver() as made:
        yield made


def send(there: Receiver, path: str, *samples: Sample) -> None:
    """A parcel of these."""
    publisher = PushgatewayPublisher(Address(there.url("prometheus", path)))
    try:
        publisher.send(Parcel(UUID(int=1), samples))
    finally:
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


@pytest.mark.parametrize("job", ["/metrics/job/cloud", "/x/metrics/job@base64/Y2xvdWQ="])
def test_each_resource_is_a_group_where_the_path_has_none(there: Receiver, job: str) -> None:
    samples = (make_sample(1, resource="a ?"), make_sample(2, resource="c"), make_sample(3))
    send(there, f"{job}/?timeout=3&tenant=t", *samples)
    assert [request.path for request in there.requests] == [
        f"{job}/resource_id/a%20%3F?tenant=t", f"{job}/resource_id/c?tenant=t",
        f"{job}/resource_id/vm-1?tenant=t",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("resource", "group"),
    [
        ("sda/1", "resource_id@base64/c2RhLzE="),
        ("", "resource_id@base64/="),
        ("..", "resource_id@base64/Li4="),
        ("..a", "resource_id/..a"),
        ("ä%", "resource_id/%C3%A4%25"),
    ],
)
def test_ids_that_no_path_can_hold(there: Receiver, resource: str, group: str) -> None:
    send(there, "/metrics/job/j", make_sample(1, resource=resource))
    assert [request.path for request in there.requests] == [f"/metrics/job/j/{group}"]


def test_of_several_the_latest_counts(there: Receiver) -> None:
    late = make_sample(7, MOMENT + timedelta(minutes=1))
    send(there, "/metrics/job/j/x/y", late, make_sample(1), make_sample(None, resource="none"))
    assert [value for _, value in read(there.requests[0].body).values()] == [7]


def test_what_would_be_one_series_twice(there: Receiver) -> None:
    later = MOMENT + timedelta(seconds=1)
    samples = (
        make_sample(1, meter="a.b"), make_sample(2, later, meter="a-b"),
        make_sample(3, later, user=None), make_sample(4, user="None"),
    )  # fmt: skip
    send(there, "/metrics/job/j/x/y", *samples)
    assert read(there.requests[0].body) == {
        ("a_b", "vm-1", "u1", "p1"): ("gauge", 2),
        ("cpu_util", "vm-1", "None", "p1"): ("gauge", 3),
    }


def test_one_type_for_a_name(there: Receiver) -> None:
    second = make_sample(2, meter="cpu", type="cumulative", resource="vm-2")
    send(there, "/metrics/job/j/x/y", make_sample(1, meter="cpu"), second)
    assert there.requests[0].body.count(b"# TYPE") == 1
    assert len(read(there.requests[0].body)) == 2


NAMES = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.tuples(NAMES, NAMES, st.floats(allow_nan=False)), min_size=1))
def test_whatever_they_are_the_parser_takes_them(rows: list[tuple[str, str, float]]) -> None:
    samples = [make_sample(number, meter=meter, resource=owner) for meter, owner, number in rows]
    expected = {(name_of(meter), owner): number for meter, owner, number in rows}
    found = read(text(latest(samples)))
    assert {(name, owner): value for (name, owner, *_), (_, value) in found.items()} == expected


def test_a_group_that_is_refused_keeps_no_other_back(there: Receiver) -> None:
    there.answers = [400]
    with pytest.raises(PublishError, match=r"1 of 2 requests were refused, .*400: ok") as caught:
        send(there, "/metrics/job/j", make_sample(1, resource="a"), make_sample(1, resource="b"))
    assert caught.value.permanent
    assert len(there.requests) == 2


def test_one_that_fails_is_tried_again(there: Receiver) -> None:
    there.answers = [500]
    with pytest.raises(PublishError, match="answered 500") as caught:
        send(there, "/metrics/job/j", make_sample(1, resource="a"), make_sample(1, resource="b"))
    assert not caught.value.permanent
    there.port = free_port()
    with pytest.raises(PublishError, match="cannot be reached") as caught:
        send(there, "/metrics/job/j?max_retries=0", make_sample(1))
    assert not caught.value.permanent


def test_ssl_is_tls(there: Receiver) -> None:
    with pytest.raises(PublishError, match="SSL"):
        send(there, "/metrics/job/j?ssl=true&max_retries=0", make_sample(1))
    assert there.requests == []
