"""The publishers of events by the scheme of their addresses, and how events wait for them."""

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings

from events.publishers.documents import plain
from events.publishers.waiting import decoded
from events.records import Event
from telemetry_site.core.pipeline.reading import EVENTS
from telemetry_site.core.publishers.address import Address
from telemetry_site.core.publishers.channels import Channel, channel
from telemetry_site.core.publishers.publisher import MESSAGE, PLAIN, Publisher
from telemetry_site.core.publishers.registry import SHARED, opened
from telemetry_site.core.publishers.signing import signed
from telemetry_site.core.registry import Registry

PUBLISHERS: Final[Registry[Any]] = Registry(
    "publisher of events",
    {**SHARED, "gnocchi": "events.publishers.gnocchi:GnocchiEventPublisher"},
)


def channel_of(url: str) -> Channel:
    """The external publisher of a URL. Raises BadAddress, UnknownName."""
    return channel(url, EVENTS, _opened, decoded)


def _opened(address: Address) -> Publisher[Event]:
    return opened(address, PUBLISHERS, {PLAIN: plain, MESSAGE: _signed})


def _signed(event: Event) -> Mapping[str, Any]:
    options = settings.TELEMETRY
    return signed(plain(event), options["SIGNING_SECRET"], options["SIGNING_FORM"])
