"""Remote writes, as protobuf's own library reads them."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import cramjam
import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from hypothesis import given
from hypothesis import strategies as st

from meters.publishers.metric_names import name_of
from meters.publishers.remote_write import RemoteWritePublisher, write_request
from meters.samples import Sample
from telemetry_site.core.clock import from_microseconds, to_microseconds
from telemetry_site.core.publishers.address import Address
from telemetry_site.core.publishers.publisher import Parcel, PublishError
from tests.factories import MOMENT, make_sample
from tests.receiver import Receiver, receiver
from tests.servers import free_port

FIELDS = descriptor_pb2.FieldDescriptorProto
MESSAGES = {
    "Label": (("name", 1, FIELDS.TYPE_STRING, ""), ("value", 2, FIELDS.TYPE_STRING, "")),
    "Sample": (("value", 1, FIELDS.TYPE_DOUBLE, ""), ("timestamp", 2, FIELDS.TYPE_INT64, "")),
    "TimeSeries": (
        ("labels", 1, FIELDS.TYPE_MESSAGE, "Label"),
        ("samples", 2, FIELDS.TYPE_MESSAGE, "Sample"),
    ),
    "WriteRequest": (("timeseries", 1, FIELDS.TYPE_MESSAGE, "TimeSeries"),),
}


def _request_class() -> Any:
    """WriteRequest as Prometheus' own definition has it."""
    file = descriptor_pb2.FileDescriptorProto(name="remote.proto", package="p", syntax="proto3")
    for name, fields in MESSAGES.items():
        made = file.message_type.add(name=name)
        for field, number, kind, of in fields:
            label = FIELDS.LABEL_REPEATED if of else FIELDS.LABEL_OPTIONAL
            added = made.field.add(name=field, number=number, type=kind, label=label)
            if of:
                added.type_name = f".p.{of}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("p.WriteRequest"))


WriteRequest = _request_class()
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def read(request: bytes) -> list[tuple[dict[str, str], list[tuple[int, float]]]]:
    """Labels, and milliseconds with values."""
    return [
        (
            {label.name: label.value for label in series.labels},
            [(one.timestamp, one.value) for one in series.samples],
        )
        for series in WriteRequest.FromString(request).timeseries
    ]


@pytest.fixture
def there() -> Iterator[Receiver]:
    """A receiver."""
    with receiver() as made:
        yield made


def send(there: Receiver, *samples: Sample, options: str = "") -> None:
    """A parcel of these."""
    url = there.url("prometheusremotewrite", "/api/v1/write")
    publisher = RemoteWritePublisher(Address(url + options))
    try:
        publisher.send(Parcel(UUID(int=1), samples))
    finally:
        publisher.close()


def test_a_series_for_each_meter_of_a_resource(there: Receiver) -> None:
    later = from_microseconds(to_microseconds(MOMENT) + 60_500_000)
    other = make_sample(9, meter="disk.read", unit=None, user=None)
    send(there, make_sample(2, later), make_sample(1), other, make_sample(None))
    (request,) = there.requests
    assert request.path == "/api/v1/write"
    assert request.headers["content-encoding"] == "snappy"
    assert request.headers["content-type"] == "application/x-protobuf"
    assert request.headers["x-prometheus-remote-write-version"] == "0.1.0"
    owner = {"project_id": "p1", "resource_id": "vm-1", "source": "openstack"}
    at = 1_772_366_400_000  # 2026-03-01T12:00:00Z
    assert read(bytes(cramjam.snappy.decompress_raw(request.body))) == [
        (
            {"__name__": "cpu_util", **owner, "unit": "%", "user_id": "u1"},
            [(at, 1), (at + 60_500, 2)],
        ),
        ({"__name__": "disk_read", **owner}, [(at, 9)]),
    ]


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
            st.floats(allow_nan=False),
            st.integers(-6 * 10**13, 10**14),
        ),
        max_size=6,
    )
)
def test_whatever_they_are_they_are_read_back(rows: list[tuple[str, float, int]]) -> None:
    samples = [
        make_sample(volume, from_microseconds(at * 1_000), resource=resource)
        for resource, volume, at in rows
    ]
    expected: dict[str, dict[int, float]] = {}
    for resource, volume, at in rows:
        expected.setdefault(resource, {})[at] = volume
    found = {labels["resource_id"]: dict(points) for labels, points in read(write_request(samples))}
    assert found == expected


@given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=4))
def test_labels_are_in_order_and_not_empty(rows: list[tuple[str, str, str]]) -> None:
    samples = [make_sample(1, meter=meter, unit=unit, user=user) for meter, unit, user in rows]
    request = WriteRequest.FromString(write_request(samples))
    found = [[(label.name, label.value) for label in one.labels] for one in request.timeseries]
    assert all(labels == sorted(labels) and all(map(all, labels)) for labels in found)
    named = {(name_of(meter), unit, user) for meter, unit, user in rows}
    read = [dict(labels) for labels in found]
    assert len(read) == len(named)
    assert {(one["__name__"], one.get("unit", ""), one.get("user_id", "")) for one in read} == named


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(400, True), (404, True), (408, True), (425, True), (429, False), (500, False), (503, False)],
)
def test_what_is_tried_again(there: Receiver, status: int, permanent: bool) -> None:
    there.answers = [status]
    with pytest.raises(PublishError, match=f"answered {status}") as caught:
        send(there, make_sample(1))
    assert caught.value.permanent is permanent
    assert len(there.requests) == 1


def test_nobody_there(there: Receiver) -> None:
    there.port = free_port()
    with pytest.raises(PublishError, match="cannot be reached") as caught:
        send(there, make_sample(1))
    assert not caught.value.permanent


def test_nothing_is_not_sent(there: Receiver) -> None:
    send(there, make_sample(None))
    assert there.requests == []


def test_ssl_is_tls(there: Receiver) -> None:
    with pytest.raises(PublishError, match="SSL"):
        send(there, make_sample(1), options="?ssl=true&max_retries=0")
    assert there.requests == []
