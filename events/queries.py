"""What a caller may see of the events; the one place that decides it.

As in the original: who is confined to a project sees the events of its own project and of its own
doing; others see those of their project and those of none, and all of them when they ask for it.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import cast
from uuid import UUID

from events.models import EventType, TraitKey
from events.records import TRAIT_TYPES, Event, Trait, TraitDescription, TraitType
from events.selection import Condition, EventQuery, Lacks, TraitCondition
from events.storage import reading
from telemetry_site.core.errors import Forbidden, NotAuthorized, NotFound
from telemetry_site.core.identity.caller import Caller


def events(query: EventQuery, caller: Caller, *, all_tenants: bool = False) -> Iterator[Event]:
    """The events that the caller may see. Raises Forbidden, BadRequest."""
    return reading.events(_scoped(query, caller, all_tenants))


def event(
    message_id: UUID | None, caller: Caller, name: str, *, all_tenants: bool = False
) -> Event:
    """One event; `name` is how it was asked for. Raises NotFound, also for what is another's."""
    query = _scoped(EventQuery(message_id=message_id), caller, all_tenants)
    found = reading.one(query) if message_id else None
    if found is None:
        raise NotFound("Event", name)
    return found


def event_types(caller: Caller) -> list[str]:
    """The types of the events that there are, in their order. Raises NotAuthorized."""
    _require_all(caller)
    return sorted(EventType.objects.values_list("name", flat=True))


def trait_descriptions(event_type: str, caller: Caller) -> list[TraitDescription]:
    """The traits of events of the type: texts, then whole numbers, numbers and times."""
    _require_all(caller)
    keys = TraitKey.objects.filter(event_type__name=event_type)
    found = [
        TraitDescription(name, cast(TraitType, kind))
        for name, kind in keys.values_list("name", "type")
    ]
    return sorted(found, key=lambda one: (TRAIT_TYPES.index(one.type), one.name))


def traits(event_type: str, name: str, caller: Caller) -> list[Trait]:
    """Every trait of that name of every event of the type."""
    kinds = [one.type for one in trait_descriptions(event_type, caller) if one.name == name]
    return [trait for kind in kinds for trait in reading.traits(event_type, name, kind)]


def sees_all(caller: Caller) -> bool:
    """Whether the caller is confined to no project. Raises Forbidden for one that has none."""
    return caller.confined_to is None


def _scoped(query: EventQuery, caller: Caller, all_tenants: bool) -> EventQuery:
    """The query with what the caller may see of its answer. Raises Forbidden."""
    if caller.user is None or caller.project is None:
        raise Forbidden
    if caller.confined_to is not None:
        owner: tuple[Condition, ...] = (
            TraitCondition("project_id", "string", "eq", caller.project),
            TraitCondition("user_id", "string", "eq", caller.user),
        )
    elif all_tenants:
        owner = ()
    else:
        owner = (Lacks("project_id", caller.project),)
    return replace(query, traits=(*query.traits, *owner))


def _require_all(caller: Caller) -> None:
    if caller.confined_to is not None:
        raise NotAuthorized(caller.project)
