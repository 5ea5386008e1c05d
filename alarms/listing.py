"""Lists of alarms and of lines of their history: in any order, a page behind a marker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeVar

from django.db.models import Case, F, Model, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    LessThan,
    LessThanOrEqual,
)

from telemetry_site.core.errors import BadRequest
from telemetry_site.core.query.orm import Column

SEVERITIES: Final = ("low", "moderate", "critical")
ALARM_COLUMNS: Final[Mapping[str, Column]] = {
    **{
        name: Column(name)
        for name in (
            "alarm_id", "name", "description", "type", "severity", "state", "state_reason",
            "user_id", "project_id", "rule", "meter", "no_data",
        )
    },
    **{name: Column(name, "boolean") for name in ("enabled", "repeat_actions")},
    **{
        name: Column(name, "time")
        for name in ("timestamp", "state_timestamp", "evaluate_timestamp")
    },
    "hold_rounds": Column("hold_rounds", "integer"),
    "user": Column("user_id"),
    "project": Column("project_id"),
}  # fmt: skip
CHANGE_COLUMNS: Final[Mapping[str, Column]] = {
    **{
        name: Column(name)
        for name in (
            "event_id", "alarm_id", "type", "detail", "user_id", "project_id", "on_behalf_of",
            "severity",
        )
    },
    "timestamp": Column("timestamp", "time"),
    "user": Column("user_id"),
    "project": Column("project_id"),
}  # fmt: skip
NULLABLE: Final = ("user_id", "project_id", "on_behalf_of", "meter")

T = TypeVar("T", bound=Model)


class Key(NamedTuple):
    """A column to sort by."""

    column: str
    downwards: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A part of a list: its order, how many at most, and behind which one it begins."""

    order: Sequence[Key]
    limit: int | None = None
    marker: str = ""


NEWEST: Final = (Key("timestamp", downwards=True),)


def page(rows: QuerySet[T], listing: Listing, name: str) -> QuerySet[T]:
    """The rows of a listing, each named by its column `name`; equal ones in the order of keys.

    Raises BadRequest for a marker that names none of the rows.
    """
    keys = _keys(listing.order, name)
    if listing.marker:
        rows = rows.filter(_behind(rows, keys, name, listing.marker))
    ordered = rows.order_by(*(_sorted(key) for key in keys))
    return ordered if listing.limit is None else ordered[: listing.limit]


def _keys(order: Sequence[Key], name: str) -> list[Key]:
    """Each column once, where it decides, and at the end one in which no two rows are equal.

    Lines of the history of one moment have keys in the order in which they were written.
    """
    found: dict[str, Key] = {}
    for key in order:
        found.setdefault(key.column, key)
    if name not in found:
        found["pk"] = Key("pk", order[-1].downwards)
    return list(found.values())


def _behind(rows: QuerySet[T], keys: Sequence[Key], name: str, marker: str) -> Q:
    """What comes after the marked row in that order."""
    named = {f"k{place}": _expression(key.column) for place, key in enumerate(keys)}
    marked = rows.filter(**{name: marker}).annotate(**named).values_list(*named).first()
    if marked is None:
        raise BadRequest(f"Marker {marker} not found.")
    found = Q(pk__in=())
    equal = Q()
    for key, value in zip(keys, marked, strict=True):
        at = _expression(key.column)
        after = LessThan if key.downwards else GreaterThan
        found |= equal & Q(after(at, Value(value)))
        equal &= Q(Exact(at, Value(value)))
    return found & _bound(keys[0], marked[0])


def _bound(key: Key, value: Any) -> Q:
    """What follows from it already, in words by which an index is entered where the page begins."""
    within = LessThanOrEqual if key.downwards else GreaterThanOrEqual
    return Q(within(_expression(key.column), Value(value)))


def _sorted(key: Key) -> Any:
    at = _expression(key.column)
    return at.desc() if key.downwards else at.asc()


def _expression(column: str) -> Any:
    """What is compared: no NULL, and severities by what they mean."""
    if column == "severity":
        whens = [When(severity=word, then=Value(place)) for place, word in enumerate(SEVERITIES)]
        return Case(*whens, default=Value(len(SEVERITIES)))
    if column in NULLABLE:
        return Coalesce(F(column), Value(""), output_field=TextField())
    return F(column)
