"""Requests for events as questions, refused in the words of the wire's contract."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from events.records import TRAIT_TYPES
from events.selection import FIELDS, EventQuery, Operator, Order, TraitCondition
from telemetry_site.core.api.parameters import LARGEST_LIMIT, Arguments
from telemetry_site.core.clock import utc
from telemetry_site.core.errors import BadRequest, InvalidInput
from telemetry_site.core.query.literals import is_true
from telemetry_site.core.query.simple import Item

OPERATORS = ("lt", "le", "eq", "ne", "ge", "gt")
ONLY = {
    "event_type": "eq",
    "message_id": "eq",
    "start_timestamp": "ge",
    "end_timestamp": "le",
}
SUPPORTED = ("integer", "float", "string", "datetime")
NO_EVENT = UUID(int=0)
LARGEST = (1 << 63) - 1
SORT = (
    "the sort parameter should be a pair of sort key and sort dir combined with ':', or only sort "
    "key specified and sort dir will be default 'asc', the supported sort keys are: "
    "('message_id', 'generated')"
)
DIRECTIONS = "the supported sort directions are: ('asc', 'desc')"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and whether of every project."""

    query: EventQuery
    all_tenants: bool = False


def events(given: Arguments, default_limit: int, *, sees_all: bool) -> Question:
    """A list of events; `all_tenants` means so only for who may see all. Raises BadRequest."""
    question = conditions(given.query(), sees_all=sees_all)
    query = replace(question.query, limit=limit(given.integer("limit"), default_limit))
    if order := _order(given.texts("sort")):
        query = replace(query, order=order)
    if marker := next(iter(given.texts("marker")), ""):
        query = replace(query, marker=message_id(marker) or NO_EVENT)
    return Question(query, question.all_tenants)


def conditions(items: Sequence[Item], *, sees_all: bool) -> Question:
    """The conditions of a query; of two about one field that is no trait the last counts."""
    query, traits, all_tenants = EventQuery(), [], False
    for item in items:
        _check_operator(item)
        if item.field == "all_tenants" and sees_all:
            all_tenants = is_true(item.text)
        elif item.field in ONLY:
            query = _narrowed(query, item)
        else:
            traits.append(_trait(item))
    return Question(replace(query, traits=tuple(traits)), all_tenants)


def limit(number: int | None, default: int) -> int:
    """How many at most; none and 0 mean the default. Raises InvalidInput."""
    if number is not None and number < 0:
        raise InvalidInput("limit", number, "the limit should be a positive integer.")
    return min(number or default, LARGEST_LIMIT)


def message_id(text: str) -> UUID | None:
    """The id that the text spells; None for what can be none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _check_operator(item: Item) -> None:
    operator = item.operator
    if operator not in OPERATORS:
        raise BadRequest(
            f"Operator {operator} is not supported. The supported operators are: {OPERATORS}"
        )
    only = ONLY.get(item.field)
    if only and operator != only:
        raise BadRequest(
            f"Operator {operator} is not supported. Only `{only}' operator is available for "
            f"field {item.field}"
        )


def _narrowed(query: EventQuery, item: Item) -> EventQuery:
    if item.field == "event_type":
        return replace(query, event_type=item.text)
    if item.field == "message_id":
        return replace(query, message_id=message_id(item.text) or NO_EVENT)
    if item.field == "start_timestamp":
        return replace(query, start=_time(item.text))
    return replace(query, end=_time(item.text))


def _time(text: str) -> datetime:
    try:
        return utc(text)
    except ValueError as error:
        raise BadRequest(
            f"Unable to convert the value {text} to the expected data type datetime."
        ) from error


def _integer(text: str) -> int:
    found = int(text)
    if abs(found) > LARGEST:
        raise ValueError(text)
    return found


def _number(text: str) -> float:
    found = float(text)
    if found != found or found in (float("inf"), float("-inf")):
        raise ValueError(text)
    return found


CONVERTERS: Mapping[str, Callable[[str], Any]] = {
    "string": str,
    "integer": _integer,
    "float": _number,
    "datetime": utc,
}


def _trait(item: Item) -> TraitCondition:
    kind = item.type or "string"
    if kind not in TRAIT_TYPES:
        raise BadRequest(
            f"The data type {kind} is not supported. The supported data type list is: "
            f"{list(SUPPORTED)}"
        )
    try:
        value = CONVERTERS[kind](item.text)
    except (ValueError, OverflowError) as error:
        raise BadRequest(
            f"Unable to convert the value {item.text} to the expected data type {kind}."
        ) from error
    return TraitCondition(item.field, kind, cast(Operator, item.operator), value)


def _order(entries: Sequence[str]) -> tuple[Order, ...]:
    found = []
    for entry in entries:
        name, _, direction = entry.partition(":")
        if name not in FIELDS:
            raise InvalidInput("sort", entry, SORT)
        if direction not in ("", "asc", "desc"):
            raise InvalidInput("sort direction", entry, DIRECTIONS)
        found.append(Order(name, direction == "desc"))
    return tuple(found)
