"""A sample and the things that samples are about: plain values, whatever made or stores them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias
from uuid import UUID

import msgspec

Kind: TypeAlias = Literal["gauge", "delta", "cumulative"]
KINDS: tuple[Kind, ...] = ("gauge", "delta", "cumulative")

NO_METADATA = b"{}"
MAX_VOLUME = 1e100

_encode = msgspec.json.Encoder(order="sorted").encode


class Sample(msgspec.Struct, frozen=True, gc=False):
    """One number of one meter of one resource at one time.

    `timestamp` is aware UTC with microseconds; `metadata` is what `encode_metadata` returns, so
    that equal metadata are equal bytes; `recorded_at` is set on what comes out of the store, and
    stays with a sample that is put into another one.
    """

    meter: str
    type: str
    unit: str | None
    volume: float | None
    resource: str
    project: str | None
    user: str | None
    source: str | None
    timestamp: datetime
    message_id: UUID
    metadata: bytes = NO_METADATA
    recorded_at: datetime | None = None


class Meter(msgspec.Struct, frozen=True, kw_only=True):
    """A meter of a resource, with the owner its last sample names.

    With `unique` asked for there is one for each name, type and unit, and no resource or owner.
    """

    name: str
    type: str
    unit: str | None
    resource: str | None = None
    project: str | None = None
    user: str | None = None
    source: str | None = None


class Resource(msgspec.Struct, frozen=True, kw_only=True):
    """A resource as its samples show it; owner and metadata are those of the last one.

    `meters` names each meter definition (name, type, unit) once, so a name may stand twice.
    """

    resource: str
    project: str | None
    user: str | None
    source: str | None
    first_sample: datetime
    last_sample: datetime
    metadata: bytes = NO_METADATA
    meters: tuple[str, ...] = ()


def encode_metadata(metadata: Mapping[str, Any]) -> bytes:
    """Metadata as compact JSON with sorted keys: equal objects give equal bytes.

    >>> encode_metadata({"b": 1, "a": {"y": "2", "x": None}})
    b'{"a":{"x":null,"y":"2"},"b":1}'
    """
    return _encode(metadata) if metadata else NO_METADATA
