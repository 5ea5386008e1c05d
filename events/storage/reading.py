"""Finding events: their conditions as SQL, a page of them at a time."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from events.models import EventType
from events.records import Event, Trait, TraitType
from events.selection import AnyOf, Condition, EventQuery, Lacks, Order, TraitCondition
from events.storage import catalogue, document
from telemetry_site.core.clock import from_microseconds, to_microseconds
from telemetry_site.core.errors import BadRequest
from telemetry_site.core.storage.sql import Sql, all_of, any_of, run

PAGE = 1_000
SIGNS = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
EVENTS = """
SELECT e.message_id, e.generated, e.event_type_id, e.traits, e.raw FROM event e
WHERE {where} ORDER BY {order} LIMIT %s
"""
PLACE = "SELECT e.generated FROM event e WHERE e.message_id = %s"
VALUES = """
SELECT {value} FROM event e WHERE e.event_type_id = %s AND {there}
ORDER BY e.generated, e.message_id
"""


def events(query: EventQuery) -> Iterator[Event]:
    """The events in their order. Raises BadRequest for a marker that is no event's."""
    if query.event_type is not None and not _type_id(query.event_type):
        return
    order = _complete(query.order)
    after = _place(query.marker) if query.marker else None
    left = query.limit
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        rows = run(_page(query, order, after, size))
        names = catalogue.names_of(row[2] for row in rows)
        for row in rows:
            yield _event(row, names)
        if len(rows) < size:
            return
        after = (rows[-1][0], rows[-1][1])
        left = None if left is None else left - len(rows)


def traits(event_type: str, name: str, kind: TraitType) -> list[Trait]:
    """Every trait of that name and type of events of the type, the oldest first."""
    number = _type_id(event_type)
    if not number:
        return []
    key = document.key(name, kind)
    value, there = _value(key), _has(key)
    text = VALUES.format(value=value.text, there=there.text)
    rows = run(Sql(text, (*value.params, number, *there.params)))
    return [document.trait(key, row[0]) for row in rows]


def _type_id(name: str) -> int | None:
    return EventType.objects.filter(name=name).values_list("pk", flat=True).first()


def _complete(order: tuple[Order, ...]) -> tuple[Order, ...]:
    """With the id at the end: no two events stand at one place."""
    if any(one.field == "message_id" for one in order):
        return order
    return (*order, Order("message_id"))


def _place(marker: UUID) -> tuple[Any, Any]:
    rows = run(Sql(PLACE, (_id(marker),)))
    if not rows:
        raise BadRequest(f"Marker {marker} not found.")
    return _id(marker), rows[0][0]


def _page(
    query: EventQuery, order: tuple[Order, ...], after: tuple[Any, Any] | None, size: int
) -> Sql:
    where = all_of([_where(query), *([_after(order, after)] if after else [])])
    ordered = ", ".join(f"e.{one.field}{' DESC' if one.downwards else ''}" for one in order)
    text = EVENTS.format(where=where.text, order=ordered)
    return Sql(text, (*where.params, size))


def _after(order: tuple[Order, ...], place: tuple[Any, Any]) -> Sql:
    """Strictly behind the place in that order."""
    values = dict(zip(("message_id", "generated"), place, strict=True))
    found = []
    for number, one in enumerate(order):
        equal = [Sql(f"e.{e.field} = %s", (values[e.field],)) for e in order[:number]]
        sign = "<" if one.downwards else ">"
        found.append(all_of([*equal, Sql(f"e.{one.field} {sign} %s", (values[one.field],))]))
    return any_of(Sql(f"({part.text})", part.params) for part in found)


def _where(query: EventQuery) -> Sql:
    parts = []
    if query.event_type is not None:
        parts.append(Sql("e.event_type_id = %s", (_type_id(query.event_type),)))
    if query.message_id is not None:
        parts.append(Sql("e.message_id = %s", (_id(query.message_id),)))
    for moment, sign in ((query.start, ">="), (query.end, "<=")):
        if moment is not None:
            parts.append(Sql(f"e.generated {sign} %s", (_moment(moment),)))
    has, others = (
        _has_all(query.traits) if connection.vendor == "postgresql" else ({}, query.traits)
    )
    if has:
        parts.append(_contains(has))
    parts += [_true_of(one) for one in others]
    return all_of(parts)


def _has_all(conditions: Iterable[Condition]) -> tuple[dict[str, Any], list[Condition]]:
    """What a document must have, and the other conditions.

    The index finds all of it at once, and it is planned once for each partition.
    """
    has: dict[str, Any] = {}
    others: list[Condition] = []
    for one in conditions:
        if isinstance(one, TraitCondition) and one.operator == "eq":
            key = document.key(one.name, one.type)
            if key not in has:
                has[key] = document.value(one.value)
                continue
        others.append(one)
    return has, others


def _contains(wanted: Mapping[str, Any]) -> Sql:
    return Sql("e.traits @> %s::jsonb", (json.dumps(wanted),))


def _true_of(one: Condition) -> Sql:
    match one:
        case Lacks():
            return _lacks(one)
        case AnyOf():
            return any_of(_condition(part) for part in one.conditions)
    return _condition(one)


def _condition(one: TraitCondition) -> Sql:
    key, wanted = document.key(one.name, one.type), document.value(one.value)
    if connection.vendor == "postgresql" and one.operator == "eq":
        return _contains({key: wanted})
    value = _value(key, number=one.type != "string")
    return Sql(f"{value.text} {SIGNS[one.operator]} %s", (*value.params, wanted))


def _lacks(one: Lacks) -> Sql:
    key = document.key(one.name, "string")
    has, equal = _has(key), _condition(TraitCondition(one.name, "string", "eq", one.value))
    return Sql(f"({equal.text} OR NOT ({has.text}))", equal.params + has.params)


def _has(key: str) -> Sql:
    if connection.vendor == "postgresql":
        return Sql("e.traits ? %s", (key,))
    return Sql("EXISTS (SELECT 1 FROM json_each(e.traits) j WHERE j.key = %s)", (key,))


def _value(key: str, *, number: bool = False) -> Sql:
    """The value of the key, NULL without it; for PostgreSQL as text unless it is a `number`."""
    if connection.vendor == "postgresql":
        return Sql("(e.traits ->> %s)::numeric" if number else "(e.traits ->> %s)", (key,))
    return Sql("(SELECT j.value FROM json_each(e.traits) j WHERE j.key = %s)", (key,))


def _event(row: tuple[Any, ...], names: Mapping[int, str]) -> Event:
    message_id, generated, event_type, traits, raw = row
    return Event(
        message_id if isinstance(message_id, UUID) else UUID(bytes=bytes(message_id)),
        names[event_type],
        from_microseconds(generated) if isinstance(generated, int) else generated,
        document.traits(_decoded(traits)),
        _decoded(raw) or {},
    )


def _decoded(value: Any) -> Any:
    """Django's connections to PostgreSQL give jsonb as text."""
    return msgspec.json.decode(value) if isinstance(value, str) else value


def _id(message_id: UUID) -> UUID | bytes:
    return message_id if connection.vendor == "postgresql" else message_id.bytes


def _moment(moment: datetime) -> datetime | int:
    return moment if connection.vendor == "postgresql" else to_microseconds(moment)


def one(query: EventQuery) -> Event | None:
    """The first of the events, if there is one."""
    return next(events(replace(query, limit=1)), None)
