"""What the pages of events are asked, and their rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from events.api import questions
from events.records import Event
from events.selection import AnyOf, EventQuery, Order, TraitCondition
from telemetry_site.core.cli.arguments import items
from telemetry_site.core.errors import BadRequest
from telemetry_site.core.query.simple import Item

PAGE = 50
NEWEST_FIRST = (Order("generated", downwards=True), Order("message_id", downwards=True))
RESOURCE_TRAITS = ("resource_id", "instance_id")
# By the names of the form: what each asks for.
READ: Mapping[str, Callable[[str], list[Item]]] = {
    "type": lambda text: [Item("event_type", "eq", text)],
    "since": lambda text: [Item("start_timestamp", "ge", text)],
    "until": lambda text: [Item("end_timestamp", "le", text)],
    "project": lambda text: [Item("project_id", "eq", text)],
    "traits": lambda text: items([text]),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for; `problems` are sentences about what cannot be taken."""

    query: EventQuery
    given: Mapping[str, str]
    problems: list[str]

    @property
    def filtered(self) -> bool:
        """Whether it is not simply everything."""
        return any(self.given.values())

    def older(self, last: Event) -> str:
        """The end of the URL of what comes after this event."""
        kept = {name: value for name, value in self.given.items() if value}
        return f"?{urlencode({**kept, 'after': last.message_id})}"


def asked(params: Mapping[str, str]) -> Asked:
    """The question in the URL of a list."""
    given = {name: params.get(name, "").strip() for name in (*READ, "resource")}
    found: list[Item] = []
    problems = []
    for name, read in READ.items():
        try:
            some = read(given[name]) if given[name] else []
            questions.conditions(some, sees_all=False)
            found += some
        except BadRequest as error:
            problems.append(f"{name.capitalize()}: {error}")
    query = questions.conditions(found, sees_all=False).query
    if given["resource"]:
        query = replace(query, traits=(*query.traits, _about(given["resource"])))
    marker = questions.message_id(params.get("after", ""))
    query = replace(query, order=NEWEST_FIRST, limit=PAGE + 1, marker=marker)
    return Asked(query, given, problems)


def _about(resource: str) -> AnyOf:
    """Events of a resource: one of these traits names it."""
    conditions = (TraitCondition(name, "string", "eq", resource) for name in RESOURCE_TRAITS)
    return AnyOf(tuple(conditions))


def resource_of(event: Event) -> Any:
    """The resource that the event is about, as far as it says so."""
    named = {trait.name: trait.value for trait in event.traits if trait.type == "string"}
    return next((named[name] for name in RESOURCE_TRAITS if named.get(name)), None)


def project_of(event: Event) -> Any:
    """The project of the event, as far as it says so."""
    found = (trait.value for trait in event.traits if trait.name == "project_id")
    return next(found, None)
