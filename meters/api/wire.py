"""Samples, meters, resources and statistics as the v2 API writes them."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec

from meters.samples import NO_METADATA, Meter, Resource, Sample

# msgspec writes a datetime without a zone as the API wants it: microseconds only if there are any.
encode = msgspec.json.Encoder().encode
combine = datetime.combine
EMPTY_OBJECT = msgspec.Raw(b"{}")


class OldSample(msgspec.Struct, gc=False):
    """A sample as /v2/meters/{name} shows it."""

    source: str | None
    counter_name: str
    counter_type: str
    counter_unit: str | None
    counter_volume: float | None
    user_id: str | None
    project_id: str | None
    resource_id: str
    timestamp: datetime
    recorded_at: datetime | None
    resource_metadata: msgspec.Raw
    message_id: UUID


class NewSample(msgspec.Struct, gc=False):
    """A sample as /v2/samples shows it."""

    id: UUID
    meter: str
    type: str
    unit: str | None
    volume: float | None
    user_id: str | None
    project_id: str | None
    resource_id: str
    source: str | None
    timestamp: datetime
    recorded_at: datetime | None
    metadata: msgspec.Raw


class WireMeter(msgspec.Struct):
    """A meter of a resource."""

    name: str
    type: str
    unit: str | None
    resource_id: str | None
    project_id: str | None
    user_id: str | None
    source: str | None
    meter_id: str


class Link(msgspec.Struct):
    """Where a resource, or one of its meters, is found."""

    href: str
    rel: str


class WireResource(msgspec.Struct):
    """A resource."""

    resource_id: str
    project_id: str | None
    user_id: str | None
    first_sample_timestamp: datetime
    last_sample_timestamp: datetime
    metadata: msgspec.Raw
    links: list[Link]
    source: str | None


def naive(moment: datetime) -> datetime:
    """A UTC datetime without its zone; several times as fast as `replace`."""
    return combine(moment.date(), moment.time())


def flat_metadata(metadata: bytes) -> msgspec.Raw:
    """Metadata as one flat JSON object of texts."""
    return EMPTY_OBJECT if metadata == NO_METADATA else _flat_metadata(metadata)


def old_sample(
    sample: Sample, metadata: Callable[[bytes], msgspec.Raw] = flat_metadata
) -> OldSample:
    """The sample in the words of /v2/meters/{name}; `metadata` says in which form they are."""
    return OldSample(
        sample.source,
        sample.meter,
        sample.type,
        sample.unit,
        sample.volume,
        sample.user,
        sample.project,
        sample.resource,
        naive(sample.timestamp),
        sample.recorded_at and naive(sample.recorded_at),
        metadata(sample.metadata),
        sample.message_id,
    )


def new_sample(sample: Sample) -> NewSample:
    """The sample in the words of /v2/samples."""
    return NewSample(
        sample.message_id,
        sample.meter,
        sample.type,
        sample.unit,
        sample.volume,
        sample.user,
        sample.project,
        sample.resource,
        sample.source,
        naive(sample.timestamp),
        sample.recorded_at and naive(sample.recorded_at),
        flat_metadata(sample.metadata),
    )


def meter(found: Meter) -> WireMeter:
    """The meter with its id."""
    return WireMeter(
        found.name,
        found.type,
        found.unit,
        found.resource,
        found.project,
        found.user,
        found.source,
        b64encode(f"{found.resource}+{found.name}".encode()).decode(),
    )


def resource(found: Resource, base: str) -> WireResource:
    """The resource with its links; `base` is the address of this service."""
    return WireResource(
        found.resource,
        found.project,
        found.user,
        naive(found.first_sample),
        naive(found.last_sample),
        flat_metadata(found.metadata),
        list(_links(found, base)),
        found.source,
    )


def _links(found: Resource, base: str) -> Iterator[Link]:
    yield Link(f"{base}/v2/resources/{found.resource}", "self")
    for name in found.meters:
        query = f"q.field=resource_id&q.value={found.resource}"
        yield Link(f"{base}/v2/meters/{name}?{query}", name)


@lru_cache(maxsize=4096)
def _flat_metadata(metadata: bytes) -> msgspec.Raw:
    # Python's reader keeps 1.0 and 1 apart and takes numbers of any size, as str() then shows.
    return msgspec.Raw(encode(flattened(json.loads(metadata))))


def flattened(metadata: Mapping[str, Any]) -> dict[str, str]:
    """One level of texts: the first separator is a dot, every further one a colon.

    >>> flattened({"a": {"b": {"c": "d"}}, "e.f.g": [1, None]})
    {'a.b:c': 'd', 'e.f:g': '[1, None]'}
    """
    return {
        path.replace(".", ":").replace(":", ".", 1): str(value) for path, value in _pairs(metadata)
    }


def _pairs(metadata: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for name, value in sorted(metadata.items()):
        if isinstance(value, dict):
            for below, leaf in _pairs(value):
                yield f"{name}.{below}", leaf
        else:
            yield name, value
