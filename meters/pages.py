"""Rows and headings as the templates of the pages want them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from meters.charts import label
from meters.models import Series
from meters.questions import AGGREGATES
from meters.statistics import Statistics
from meters.storage.latest import Latest
from telemetry_site.core.headings import Heading

PAGE = 50
SHORT_PAGE = 24

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of a group, of one period or of the whole range, in the order of AGGREGATES."""

    label: str
    start: datetime
    end: datetime
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class LatestOfMeter:
    """A meter of a resource, its last sample, and what the link to its page asks for."""

    series: Series
    latest: Latest
    link: dict[str, str]


METER_COLUMNS = (
    Heading("Meter", "name"),
    Heading("Type", "type", wide=True),
    Heading("Unit", "unit"),
    Heading("Resources", "resources", number=True),
    Heading("Projects", "projects", number=True, wide=True),
)
RESOURCE_COLUMNS = (
    Heading("Resource", "resource"),
    Heading("Project", "project", wide=True),
    Heading("User", wide=True),
    Heading("Meters", "meters", number=True),
    Heading("Last sample", number=True),
)


def paged(request: HttpRequest, rows: Any, size: int = PAGE) -> dict[str, Any]:
    """The page of the rows that the URL names, or the nearest there is."""
    paginator = Paginator(rows, size)
    page: Page[Any] = paginator.get_page(request.GET.get("page"))
    return {"page": page, "page_numbers": list(paginator.get_elided_page_range(page.number))}


def figures(rows: Iterable[Statistics], end: datetime) -> list[Figures]:
    """The rows for a table; a period that reaches past the range ends with it."""
    names = [name for name, _ in AGGREGATES]
    return [
        Figures(
            label(row.groupby),
            row.period_start,
            min(row.period_end, end),
            tuple(getattr(row, name) for name in names),
        )
        for row in rows
    ]


def latest_of_each(
    series: Iterable[Series], latest: Mapping[int, Latest], shared: set[str]
) -> list[LatestOfMeter]:
    """One row for each meter definition; of several owners the one that was seen last.

    `shared` are the names that stand for several definitions.
    """
    found: dict[tuple[str, str, str], Series] = {}
    for one in sorted((one for one in series if one.pk in latest), key=lambda s: latest[s.pk].seen):
        found[one.meter, one.type, one.unit or ""] = one
    return [
        LatestOfMeter(
            one,
            latest[one.pk],
            {
                "resource": one.resource,
                **(definition(one.type, one.unit) if name in shared else {}),
            },
        )
        for (name, _, _), one in sorted(found.items())
    ]


def definition(type_: str, unit: str | None) -> dict[str, str]:
    """The parameters that tell one meter of a name from another."""
    return {"type": type_, "unit": unit or ""}


def flattened(metadata: bytes) -> list[tuple[str, str]]:
    """Metadata as names, with dots between the levels, and texts."""
    return list(_flat("", json.loads(metadata)))


def _flat(prefix: str, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, dict) and value:
            yield from _flat(f"{prefix}{name}.", value)
        else:
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            yield prefix + name, text
