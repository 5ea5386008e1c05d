"""Whether an event is one that an alarm waits for."""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from events.records import Event
from telemetry_site.core.clock import on_the_wire, utc

Kind: TypeAlias = Literal["", "string", "integer", "float", "boolean", "datetime"]
KINDS: Final[tuple[Kind, ...]] = ("", "string", "integer", "float", "boolean", "datetime")
TRUE, FALSE = ("true", "yes", "on", "1", "t", "y"), ("false", "no", "off", "0", "f", "n")
OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "ge": operator.ge,
    "gt": operator.gt,
}
TRAIT: Final = "traits."
OWNERS: Final = ("tenant_id", "project_id")  # the traits that say whose an event is
# The numbers of the original's trait types.
NUMBERS: Final[Mapping[str, int]] = {"string": 1, "integer": 2, "float": 3, "datetime": 4}


class Condition(NamedTuple):
    """A field of an event, an operator, and a value of the condition's kind."""

    field: str
    op: str
    value: str | int | float | bool | datetime


def converted(value: str, kind: Kind) -> str | int | float | bool | datetime:
    """A condition's value; without a kind it is a text. Raises ValueError."""
    if kind == "boolean":
        if value.lower() not in (*TRUE, *FALSE):
            raise ValueError(f"{value!r} is neither true nor false")
        return value.lower() in TRUE
    convert: Mapping[Kind, Callable[[str], str | int | float | datetime]] = {
        "integer": int, "float": float, "datetime": utc,
    }  # fmt: skip
    return convert.get(kind, str)(value)


def matches(event: Event, event_type: str, conditions: Sequence[Condition]) -> bool:
    """Whether its type fits the pattern, and all conditions are true of it.

    A trait that it lacks, or that cannot be compared with the value, makes a condition false.
    """
    if not fnmatchcase(event.event_type, event_type):
        return False
    return all(_holds(event, one) for one in conditions)


def project_of(event: Event) -> str:
    """The project that an event is for; empty where it does not say."""
    named = {one.name: str(one.value) for one in event.traits if one.name in OWNERS}
    return next((named[name] for name in OWNERS if name in named), "")


def told(event: Event) -> dict[str, Any]:
    """The event as actions are told of it: traits are name, number of the type, and value."""
    return {
        "message_id": str(event.message_id),
        "event_type": event.event_type,
        "generated": on_the_wire(event.generated),
        "traits": [[one.name, NUMBERS[one.type], _plain(one.value)] for one in event.traits],
        "raw": event.raw,
    }


def _plain(value: Any) -> Any:
    return on_the_wire(value) if isinstance(value, datetime) else value


def _holds(event: Event, condition: Condition) -> bool:
    found = value_of(event, condition.field)
    if found is None:
        return False
    if isinstance(condition.value, bool):
        found = str(found).lower() in TRUE
    try:
        return OPERATORS[condition.op](found, condition.value)
    except TypeError:
        return False


def value_of(event: Event, field: str) -> str | int | float | datetime | None:
    """What stands in a field, or at a path of dots in what was said; None where nothing does."""
    if field.startswith(TRAIT):
        name = field.removeprefix(TRAIT)
        return next((one.value for one in event.traits if one.name == name), None)
    own: Mapping[str, str | datetime] = {
        "event_type": event.event_type,
        "message_id": str(event.message_id),
        "generated": event.generated,
    }
    if field in own:
        return own[field]
    value: Any = event.raw
    for part in field.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value if isinstance(value, str | int | float) else None
