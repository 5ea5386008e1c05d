"""What may be asked of the store, as plain data: which samples, in which order, how many."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from telemetry_site.core.query.tree import EVERYTHING, Node
from telemetry_site.core.query.tree import Bound as Bound

Field: TypeAlias = Literal[
    "meter", "type", "unit", "volume", "resource", "project", "user", "source",
    "timestamp", "recorded_at", "message_id", "metadata",
]  # fmt: skip
SERIES_FIELDS = ("meter", "type", "unit", "resource", "project", "user", "source")


@dataclass(frozen=True, slots=True)
class Selection:
    """The samples for which `where` (over `Field` names) is true, between two bounds."""

    where: Node = EVERYTHING
    start: Bound | None = None
    end: Bound | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One key of an order by; `field` is any `Field` but metadata."""

    field: Field
    descending: bool = False


NEWEST_FIRST = (Order("timestamp", descending=True), Order("message_id"))


@dataclass(frozen=True, slots=True)
class SampleQuery:
    """A list of samples; without a limit, all of them (read in pages, never at once)."""

    selection: Selection = Selection()
    order: tuple[Order, ...] = NEWEST_FIRST
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class MeterQuery:
    """A list of meters; `where` is asked of the last sample of each (meter, resource).

    It may name user, project, resource, source and metadata. `unique` gives each (name, type,
    unit) once. Order: by first insertion.
    """

    where: Node = EVERYTHING
    unique: bool = False
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class ResourceQuery:
    """A list of resources with a sample in the selection; `meters` asks for their meters too."""

    selection: Selection = Selection()
    meters: bool = True
    limit: int | None = None
