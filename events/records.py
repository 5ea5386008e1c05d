"""An event and its traits: plain values, whatever made or stores them."""

from datetime import datetime
from typing import Any, Literal, TypeAlias
from uuid import UUID

import msgspec

TraitType: TypeAlias = Literal["string", "integer", "float", "datetime"]
TRAIT_TYPES: tuple[TraitType, ...] = ("string", "integer", "float", "datetime")
LONGEST_TEXT = 255


class Trait(msgspec.Struct, frozen=True, gc=False):
    """One thing about an event; a datetime is aware UTC, a float is finite."""

    name: str
    type: TraitType
    value: str | int | float | datetime


class Event(msgspec.Struct, frozen=True):
    """Something that happened, at `generated` (aware UTC).

    Each pair of a trait's name and type is there once. `raw` is what was said, or empty.
    """

    message_id: UUID
    event_type: str
    generated: datetime
    traits: tuple[Trait, ...] = ()
    raw: dict[str, Any] = {}


class TraitDescription(msgspec.Struct, frozen=True):
    """That events have such a trait."""

    name: str
    type: TraitType
