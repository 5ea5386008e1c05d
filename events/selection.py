"""What is asked of events, as plain values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from events.records import TraitType

Operator: TypeAlias = Literal["eq", "ne", "lt", "le", "gt", "ge"]
Field: TypeAlias = Literal["message_id", "generated"]
FIELDS: tuple[Field, ...] = ("message_id", "generated")


@dataclass(frozen=True, slots=True)
class TraitCondition:
    """True of events that have a trait of that name and type whose value compares so."""

    name: str
    type: TraitType
    operator: Operator
    value: str | int | float | datetime


@dataclass(frozen=True, slots=True)
class Lacks:
    """True of events whose text trait of that name is this, or that have none."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True of events of which one of the conditions is true."""

    conditions: tuple[TraitCondition, ...]


Condition: TypeAlias = TraitCondition | Lacks | AnyOf


@dataclass(frozen=True, slots=True)
class Order:
    """By which field, and which way."""

    field: Field
    downwards: bool = False


OLDEST_FIRST = (Order("generated"), Order("message_id"))


@dataclass(frozen=True, slots=True)
class EventQuery:
    """Events of a type, with an id, between two moments (both inclusive), with these traits.

    The list begins after the event `marker`, in the order of `order`.
    """

    event_type: str | None = None
    message_id: UUID | None = None
    start: datetime | None = None
    end: datetime | None = None
    traits: tuple[Condition, ...] = ()
    order: tuple[Order, ...] = OLDEST_FIRST
    marker: UUID | None = None
    limit: int | None = None
