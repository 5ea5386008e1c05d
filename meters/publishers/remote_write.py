"""prometheusremotewrite://: Prometheus' remote write protocol, version 1."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import cramjam

from meters.publishers.metric_names import name_of
from meters.publishers.protobuf import double, inner, integer, message, text
from meters.samples import Sample
from telemetry_site.core.clock import to_microseconds
from telemetry_site.core.publishers.address import Address, truth
from telemetry_site.core.publishers.publisher import Parcel
from telemetry_site.core.publishers.session import Session

HEADERS: Final = {
    "Content-Encoding": "snappy",
    "Content-Type": "application/x-protobuf",
    "User-Agent": "telemetry",
    "X-Prometheus-Remote-Write-Version": "0.1.0",
}
# The numbers of the fields of WriteRequest, TimeSeries, Label and Sample.
SERIES, LABELS, SAMPLES, NAME, VALUE = 1, 1, 2, 1, 2
VOLUME, TIMESTAMP = 1, 2
# Of the 4xx no other is sent again, says the specification.
AGAIN: Final = (429,)


class RemoteWritePublisher:
    """One POST for a parcel: a series for each meter, resource, owner, source and unit.

    A repeat does no harm: a receiver keeps one value for a time, or refuses what it has already.
    Options: ssl, and those of Session.
    """

    def __init__(self, address: Address) -> None:
        scheme = "https" if address.option("ssl", truth, False) else "http"
        self._session = Session(address, scheme, again=AGAIN)

    def send(self, parcel: Parcel[Sample]) -> None:
        """See Publisher.send."""
        request = write_request(parcel.records)
        if request:
            body = bytes(cramjam.snappy.compress_raw(request))
            self._session.post(body, HEADERS)

    def close(self) -> None:
        """See Publisher.close."""
        self._session.close()


def write_request(samples: Iterable[Sample]) -> bytes:
    """The samples as a WriteRequest; the series by their labels, their samples by time."""
    found: dict[tuple[tuple[str, str], ...], dict[int, float]] = {}
    for one in samples:
        if one.volume is not None:
            moment = to_microseconds(one.timestamp) // 1_000
            found.setdefault(tuple(_labels(one)), {})[moment] = one.volume
    return b"".join(inner(SERIES, _series(labels, found[labels])) for labels in sorted(found))


def _labels(one: Sample) -> Iterator[tuple[str, str]]:
    """Those that have a value, by name."""
    yield "__name__", name_of(one.meter)
    named = (
        ("project_id", one.project),
        ("resource_id", one.resource),
        ("source", one.source),
        ("unit", one.unit),
        ("user_id", one.user),
    )
    yield from ((name, value) for name, value in named if value)


def _series(labels: Iterable[tuple[str, str]], values: Mapping[int, float]) -> bytes:
    named = (inner(LABELS, message(text(NAME, name), text(VALUE, v))) for name, v in labels)
    numbers = (
        inner(SAMPLES, message(double(VOLUME, values[at]), integer(TIMESTAMP, at)))
        for at in sorted(values)
    )
    return message(*named, *numbers)
