"""OTLP, as its own messages read it, and the original's shape."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from google.protobuf.json_format import Parse, ParseError
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)

from meters.publishers.opentelemetry import OpenTelemetryPublisher
from meters.samples import Sample
from telemetry_site.core.publishers.address import Address, BadAddress
from telemetry_site.core.publishers.publisher import Parcel, PublishError
from tests.factories import make_sample
from tests.receiver import Receiver, receiver
from tests.servers import free_port

AT = 1_772_366_400_000_000_000  # 2026-03-01T12:00:00Z in nanoseconds


@pytest.fixture
def there() -> Iterator[Receiver]:
    """A collector."""
    with receiver() as made:
        yield made


def send(there: Receiver, options: str, *samples: Sample) -> None:
    """A parcel of these."""
    url = there.url("opentelemetryhttp", "/v1/metrics")
    publisher = OpenTelemetryPublisher(Address(url + options))
    try:
        publisher.send(Parcel(UUID(int=1), samples))
    finally:
        publisher.close()


def test_the_original_s_shape_is_a_post_for_each(there: Receiver) -> None:
    counter = make_sample(5, meter="disk.read", type="cumulative", unit="B")
    send(there, "", counter, make_sample(1.5), make_sample(None))
    first, second = (request.json() for request in there.requests)
    (scope,) = first["resource_metrics"][0]["scope_metrics"]
    assert scope["scope"] == {"name": "ceilometer", "version": "v1"}
    (metric,) = scope["metrics"]
    assert (metric["name"], metric["description"], metric["unit"]) == (
        "disk_read", "disk_read unit:B", "B",
    )  # fmt: skip
    (point,) = metric["counter"]["data_points"]
    assert (point["as_double"], point["time_unix_nano"], point["flags"]) == (5, AT, 0)
    assert point["attributes"][0] == {"key": "resource_id", "value": {"string_value": "vm-1"}}
    assert "gauge" in second["resource_metrics"][0]["scope_metrics"][0]["metrics"][0]
    assert there.connections == 1


def test_what_otlp_reads_of_the_original_s_shape(there: Receiver) -> None:
    send(there, "", make_sample(1.5, user=None, unit=None), make_sample(5, type="cumulative"))
    gauge, counter = (request.body for request in there.requests)
    found = Parse(gauge, ExportMetricsServiceRequest()).resource_metrics[0].scope_metrics[0]
    (point,) = found.metrics[0].gauge.data_points
    assert (point.as_double, point.time_unix_nano, point.start_time_unix_nano) == (1.5, AT, AT)
    with pytest.raises(ParseError, match='no field named "counter"'):
        Parse(counter, ExportMetricsServiceRequest())


def test_otlp_is_read_by_its_own_messages(there: Receiver) -> None:
    send(
        there,
        "?format=otlp",
        make_sample(5, meter="cpu", type="cumulative", unit="ns"),
        make_sample(6, meter="cpu", type="cumulative", unit="ns", resource="vm-2", user=None),
        make_sample(2, meter="grown", type="delta", unit=None),
        make_sample(0.5),
    )
    (request,) = there.requests
    found = Parse(request.body, ExportMetricsServiceRequest())
    metrics = {one.name: one for one in found.resource_metrics[0].scope_metrics[0].metrics}
    points = metrics["cpu"].sum.data_points
    assert [(point.as_double, point.time_unix_nano) for point in points] == [(5, AT), (6, AT)]
    named = [{one.key: one.value.string_value for one in point.attributes} for point in points]
    assert named == [
        {"resource_id": "vm-1", "user_id": "u1", "project_id": "p1"},
        {"resource_id": "vm-2", "project_id": "p1"},
    ]
    assert (metrics["cpu"].sum.aggregation_temporality, metrics["cpu"].sum.is_monotonic) == (
        2,
        True,
    )
    assert metrics["grown"].sum.aggregation_temporality == 1
    assert metrics["cpu_util"].gauge.data_points[0].as_double == 0.5
    assert (metrics["cpu"].unit, metrics["grown"].unit) == ("ns", "")


def test_nothing_is_not_sent(there: Receiver) -> None:
    for options in ("", "?format=otlp"):
        send(there, options, make_sample(None))
    assert there.requests == []


def test_a_sample_that_is_refused_keeps_no_other_back(there: Receiver) -> None:
    there.answers = [200, 400]
    with pytest.raises(PublishError, match="1 of 3 requests were refused") as caught:
        send(there, "", *map(make_sample, (1, 2, 3)))
    assert caught.value.permanent
    assert len(there.requests) == 3


@pytest.mark.parametrize("options", ["?", "?format=otlp&"])
def test_what_is_tried_again(there: Receiver, options: str) -> None:
    there.answers = [500]
    with pytest.raises(PublishError, match="answered 500") as caught:
        send(there, options, make_sample(1))
    assert not caught.value.permanent
    there.port = free_port()
    with pytest.raises(PublishError, match="cannot be reached") as caught:
        send(there, f"{options}max_retries=0", make_sample(1))
    assert not caught.value.permanent


def test_a_format_nobody_knows() -> None:
    with pytest.raises(BadAddress, match="ceilometer or otlp"):
        OpenTelemetryPublisher(Address("opentelemetryhttp://h/?format=xml"))


def test_ssl_is_tls(there: Receiver) -> None:
    with pytest.raises(PublishError, match="SSL"):
        send(there, "?ssl=true&max_retries=0", make_sample(1))
    assert there.requests == []
