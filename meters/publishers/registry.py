"""The publishers of samples by the scheme of their addresses, and how samples wait for them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from django.conf import settings

from meters.publishers.documents import message, plain
from meters.samples import Sample
from telemetry_site.core.pipeline.reading import SAMPLES
from telemetry_site.core.publishers.address import Address
from telemetry_site.core.publishers.channels import Channel, channel
from telemetry_site.core.publishers.publisher import MESSAGE, PLAIN, Publisher
from telemetry_site.core.publishers.registry import SHARED, opened
from telemetry_site.core.publishers.signing import signed
from telemetry_site.core.registry import Registry

PUBLISHERS: Final[Registry[Any]] = Registry(
    "publisher of samples",
    {
        **SHARED,
        "udp": "telemetry_site.core.publishers.datagram:UdpPublisher",
        "tcp": "telemetry_site.core.publishers.datagram:TcpPublisher",
        "gnocchi": "meters.publishers.gnocchi:GnocchiPublisher",
        "prometheus": "meters.publishers.prometheus:PushgatewayPublisher",
        "prometheusremotewrite": "meters.publishers.remote_write:RemoteWritePublisher",
        "opentelemetryhttp": "meters.publishers.opentelemetry:OpenTelemetryPublisher",
    },
)
_encode = msgspec.msgpack.Encoder().encode
_read = msgspec.msgpack.Decoder(list[Sample]).decode


def channel_of(url: str) -> Channel:
    """The external publisher of a URL. Raises BadAddress, UnknownName."""
    return channel(url, SAMPLES, _opened, _read)


def encoded(samples: Sequence[Sample]) -> bytes:
    """Samples as they wait to be sent, whatever publisher they are for."""
    return _encode(samples)


def _opened(address: Address) -> Publisher[Sample]:
    return opened(address, PUBLISHERS, {PLAIN: plain, MESSAGE: _signed})


def _signed(sample: Sample) -> Mapping[str, Any]:
    options = settings.TELEMETRY
    return signed(message(sample), options["SIGNING_SECRET"], options["SIGNING_FORM"])
