"""opentelemetryhttp://: metrics to an OpenTelemetry collector, as JSON over HTTP."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

import msgspec

from meters.samples import Sample
from telemetry_site.core.clock import to_microseconds
from telemetry_site.core.publishers.address import Address, truth
from telemetry_site.core.publishers.publisher import Parcel
from telemetry_site.core.publishers.session import Session
from telemetry_site.core.publishers.several import send_each

HEADERS: Final = {"Content-Type": "application/json"}
SCOPE: Final = {"name": "ceilometer", "version": "v1"}
# Of opentelemetry's AggregationTemporality.
DELTA, CUMULATIVE = 1, 2

_encode = msgspec.json.Encoder().encode


class OpenTelemetryPublisher:
    """By default the shape of the original, a POST for each sample.

    A receiver written for it expects its names. A decoder of OTLP/JSON that knows the names of
    protobuf's fields reads its gauges, but not cumulative meters: OTLP has no `counter`. Times are
    nanoseconds of UTC, where the original sends whole seconds of local time. With format=otlp the
    body is OTLP/JSON, one POST for a parcel: cumulative and delta meters are sums, gauges gauges.
    Options: format, ssl, and those of Session.
    """

    def __init__(self, address: Address) -> None:
        self._otlp = address.option("format", _format, False)
        scheme = "https" if address.option("ssl", truth, False) else "http"
        self._session = Session(address, scheme)

    def send(self, parcel: Parcel[Sample]) -> None:
        """See Publisher.send."""
        samples = [one for one in parcel.records if one.volume is not None]
        bodies = _whole(samples) if self._otlp else map(original, samples)
        send_each(partial(self._session.post, _encode(body), HEADERS) for body in bodies)

    def close(self) -> None:
        """See Publisher.close."""
        self._session.close()


def original(one: Sample) -> Mapping[str, Any]:
    """A sample in the original's shape."""
    name, nanoseconds = one.meter.replace(".", "_"), to_microseconds(one.timestamp) * 1_000
    point = {
        "attributes": [
            {"key": key, "value": {"string_value": value}} for key, value in _attributes(one)
        ],
        "start_time_unix_nano": nanoseconds,
        "time_unix_nano": nanoseconds,
        "as_double": one.volume,
        "flags": 0,
    }
    metric = {
        "name": name,
        "description": f"{name} unit:{one.unit}",
        "unit": one.unit,
        "counter" if one.type == "cumulative" else "gauge": {"data_points": [point]},
    }
    return {"resource_metrics": [{"scope_metrics": [{"scope": SCOPE, "metrics": [metric]}]}]}


def otlp(samples: Sequence[Sample]) -> Mapping[str, Any]:
    """Samples as an ExportMetricsServiceRequest; those of one meter, type and unit together."""
    metrics: dict[tuple[str, str, str | None], list[Mapping[str, Any]]] = {}
    for one in samples:
        metrics.setdefault((one.meter, one.type, one.unit), []).append(_point(one))
    made = [
        {"name": name, "unit": unit or "", **KINDS[kind](points)}
        for (name, kind, unit), points in metrics.items()
    ]
    return {
        "resourceMetrics": [{"scopeMetrics": [{"scope": {"name": "telemetry"}, "metrics": made}]}]
    }


def _sum(points: list[Mapping[str, Any]], temporality: int, monotonic: bool) -> Mapping[str, Any]:
    body = {
        "dataPoints": points,
        "aggregationTemporality": temporality,
        "isMonotonic": monotonic,
    }
    return {"sum": body}


KINDS: Final[Mapping[str, Callable[[list[Mapping[str, Any]]], Mapping[str, Any]]]] = {
    "cumulative": lambda points: _sum(points, CUMULATIVE, True),
    "delta": lambda points: _sum(points, DELTA, False),
    "gauge": lambda points: {"gauge": {"dataPoints": points}},
}


def _point(one: Sample) -> Mapping[str, Any]:
    given = ((key, value) for key, value in _attributes(one) if value is not None)
    return {
        "attributes": [{"key": key, "value": {"stringValue": value}} for key, value in given],
        "timeUnixNano": str(to_microseconds(one.timestamp) * 1_000),
        "asDouble": one.volume,
    }


def _attributes(one: Sample) -> Iterator[tuple[str, str | None]]:
    yield "resource_id", one.resource
    yield "user_id", one.user
    yield "project_id", one.project


def _whole(samples: Sequence[Sample]) -> list[Mapping[str, Any]]:
    return [otlp(samples)] if samples else []


def _format(text: str) -> bool:
    if text not in ("ceilometer", "otlp"):
        raise ValueError("it must be ceilometer or otlp")
    return text == "otlp"
