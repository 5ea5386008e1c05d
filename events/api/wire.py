"""Events and traits as the v2 API writes them: every value is text."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from events.records import Event, Trait, TraitDescription
from telemetry_site.core.clock import on_the_wire


class WireTrait(msgspec.Struct):
    """A trait."""

    name: str
    type: str
    value: str


class WireEvent(msgspec.Struct):
    """An event with its traits by name."""

    message_id: UUID
    event_type: str
    generated: datetime
    traits: list[WireTrait]
    raw: dict[str, Any]


class WireDescription(msgspec.Struct):
    """That there is such a trait."""

    name: str
    type: str


def event(found: Event) -> WireEvent:
    """An event."""
    return WireEvent(
        found.message_id,
        found.event_type,
        found.generated.replace(tzinfo=None),
        [trait(one) for one in sorted(found.traits, key=lambda one: one.name)],
        found.raw,
    )


def trait(found: Trait) -> WireTrait:
    """A trait.

    >>> trait(Trait("size", "integer", 8)).value
    '8'
    """
    value = found.value
    text = on_the_wire(value) if isinstance(value, datetime) else str(value)
    return WireTrait(found.name, found.type, text)


def description(found: TraitDescription) -> WireDescription:
    """A trait without a value."""
    return WireDescription(found.name, found.type)
