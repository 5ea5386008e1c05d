"""Requests for alarms and for their history as questions, in the words of the wire's contract."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q

from alarms import queries
from alarms.listing import ALARM_COLUMNS, CHANGE_COLUMNS, NEWEST, Key, Listing
from telemetry_site.core.api import complex as bodies
from telemetry_site.core.api.parameters import LARGEST_LIMIT, Arguments
from telemetry_site.core.clock import utc
from telemetry_site.core.errors import Forbidden, InvalidInput, UnknownArgument
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.query import complex as language
from telemetry_site.core.query import simple
from telemetry_site.core.query.complex import Names
from telemetry_site.core.query.literals import boolean
from telemetry_site.core.query.orm import Column, condition
from telemetry_site.core.query.simple import Fields, Item
from telemetry_site.core.query.tree import EVERYTHING, And, Bound, Compare, Node, Value

ALIASES: Final = {"user": "user_id", "project": "project_id"}
EQUAL: Final = (
    "alarm_id", "all_projects", "enabled", "meter", "name", "project", "project_id",
    "repeat_actions", "severity", "state", "timestamp", "type", "user", "user_id",
)  # fmt: skip
ALL_PROJECTS: Final = "all_projects"
HISTORY: Final = Fields(
    frozenset(("project", "user", "severity", "type")), times=True, metadata=False
)
LISTED: Final = ("q", "limit", "sort", "marker")
ALARM_KEYS: Final = (
    "alarm_id", "enabled", "name", "type", "severity", "timestamp", "user_id", "project_id",
    "state", "repeat_actions", "state_timestamp",
)  # fmt: skip
CHANGE_KEYS: Final = (
    "event_id", "alarm_id", "on_behalf_of", "project_id", "user_id", "type", "timestamp",
    "severity",
)  # fmt: skip
REFUSAL: Final = "Limit should be positive"
DIRECTIONS: Final = ("", "asc", "desc")
MOMENTS: Final = frozenset(("timestamp", "state_timestamp", "evaluate_timestamp"))
LISTS: Final = (
    "ok_actions", "alarm_actions", "insufficient_data_actions", "time_constraints",
)  # fmt: skip
ALARM_NAMES: Final = Names(
    {name: name for name in (*ALARM_COLUMNS, *LISTS)},
    moments=MOMENTS,
    refused=frozenset(LISTS),
    metadata=False,
)
CHANGE_NAMES: Final = Names(
    {name: name for name in CHANGE_COLUMNS}, moments=frozenset(("timestamp",)), metadata=False
)


@dataclass(frozen=True, slots=True)
class Question:
    """Which rows, and which part of their list."""

    where: Q
    listing: Listing


def alarms(given: Arguments, caller: Caller) -> Question:
    """A list of alarms. Raises BadRequest, NotAuthorized, Forbidden."""
    items = given.query()
    named = {ALIASES.get(one.field, one.field): _equal(one, items) for one in items}
    if named.pop(ALL_PROJECTS, False) and caller.confined_to is not None:
        raise Forbidden
    if "project_id" in named:
        queries.refuse_others([named["project_id"]], caller)
    leaves = tuple(Compare(name, "=", value) for name, value in named.items())
    return Question(condition(And(leaves), ALARM_COLUMNS), listing(given, ALARM_KEYS))


def history(given: Arguments, caller: Caller) -> Question:
    """A list of the history of an alarm. Raises BadRequest, NotAuthorized."""
    found = simple.read(given.query(), HISTORY)
    queries.refuse_other_projects(found.where, ("project",), caller)
    where = condition(found.where, CHANGE_COLUMNS)
    for bound, sides in ((found.widened_start, ("gt", "gte")), (found.widened_end, ("lt", "lte"))):
        where &= _bound(bound, sides)
    return Question(where, listing(given, CHANGE_KEYS))


def complex_alarms(body: object, caller: Caller) -> Question:
    """A complex query of alarms. Raises BadRequest, NotSupported, NotAuthorized."""
    return _complex(body, ALARM_NAMES, ALARM_COLUMNS, ("project", "project_id"), caller)


def complex_history(body: object, caller: Caller) -> Question:
    """A complex query of the history. Raises BadRequest, NotAuthorized."""
    return _complex(body, CHANGE_NAMES, CHANGE_COLUMNS, ("on_behalf_of",), caller)


def listing(given: Arguments, keys: Sequence[str]) -> Listing:
    """Order, limit and marker. Raises BadRequest."""
    limit = given.integer("limit")
    if limit is not None and limit < 0:
        raise InvalidInput("limit", limit, "it should be a positive integer.")
    order = tuple(_key(text, keys) for text in given.texts("sort")) or NEWEST
    marker = next(iter(given.texts("marker")), "")
    return Listing(order, min(limit, LARGEST_LIMIT) if limit else None, marker)


def _complex(
    body: object,
    names: Names,
    columns: Mapping[str, Column],
    owners: Sequence[str],
    caller: Caller,
) -> Question:
    given = bodies.body(body)
    text = given.get("filter")
    where: Node = EVERYTHING if text is None else language.read_filter(text, names)
    queries.refuse_other_projects(where, owners, caller)
    text = given.get("orderby")
    keys = () if text is None else language.read_order(text, names)
    order = tuple(Key(columns[name].name, downwards) for name, downwards in keys) or NEWEST
    return Question(condition(where, columns), Listing(order, bodies.limit(given, REFUSAL)))


def _equal(item: Item, items: Sequence[Item]) -> Value:
    """The value that a field must have."""
    if item.field not in EQUAL:
        shown = f"[{', '.join(map(repr, items))}]"
        raise UnknownArgument(
            item.field, f"unrecognized field in query: {shown}, valid keys: {sorted(EQUAL)}"
        )
    if item.operator != "eq":
        raise InvalidInput("op", item.operator, f"unimplemented operator for {item.field}")
    if item.field in ("enabled", "repeat_actions", ALL_PROJECTS):
        return _truth(item)
    return _moment(item) if item.field == "timestamp" else item.text


def _truth(item: Item) -> bool:
    try:
        return boolean(item.text)
    except ValueError as error:
        raise InvalidInput(item.field, item.text, "unable to convert to bool") from error


def _moment(item: Item) -> datetime:
    try:
        return utc(item.text)
    except (ValueError, OverflowError) as error:
        raise InvalidInput("timestamp", item.text, "invalid timestamp format") from error


def _bound(bound: Bound | None, sides: tuple[str, str]) -> Q:
    if bound is None:
        return Q()
    return Q(**{f"timestamp__{sides[bound.inclusive]}": bound.at})


def _key(text: str, keys: Sequence[str]) -> Key:
    name, _, direction = text.partition(":")
    if name not in keys:
        raise InvalidInput("sort", text, f"the sort keys are: {', '.join(keys)}")
    if direction not in DIRECTIONS:
        raise InvalidInput("sort", text, "the sort directions are: asc, desc")
    return Key(name, direction == "desc")
