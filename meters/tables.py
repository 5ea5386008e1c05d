"""The lists of the pages as querysets over the series: grouped, counted, sorted."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from django.db.models import Count, F, Min, QuerySet

from meters.models import Series

# Of rows that are dicts.
Rows: TypeAlias = QuerySet[Any, Any]
Order: TypeAlias = Mapping[str, tuple[str, ...]]

METER_ORDER: Order = {
    "name": ("meter", "type", "unit"),
    "type": ("type", "meter", "unit"),
    "unit": ("unit", "meter", "type"),
    "resources": ("resources", "meter", "type", "unit"),
    "projects": ("projects", "meter", "type", "unit"),
}
RESOURCE_ORDER: Order = {
    "resource": ("resource",),
    "project": ("owner", "resource"),
    "meters": ("meters", "resource"),
}


def meter_rows(series: QuerySet[Series], sort: str) -> Rows:
    """One row for each meter definition, with how many resources and projects have it."""
    rows = series.values("meter", "type", "unit").annotate(
        resources=Count("resource", distinct=True), projects=Count("project", distinct=True)
    )
    return rows.order_by(*_keys(METER_ORDER, sort, "name"))


def resource_rows(series: QuerySet[Series], sort: str) -> Rows:
    """One row for each resource, with how many of the series it has."""
    rows = series.values("resource").annotate(meters=Count("id"), owner=Min("project"))
    return rows.order_by(*_keys(RESOURCE_ORDER, sort, "resource"))


def _keys(order: Order, sort: str, default: str) -> list[Any]:
    """Only the first key is turned round: names stay in the order people read."""
    name = sort.removeprefix("-")
    first, *rest = order.get(name, order[default])
    if sort.startswith("-") and name in order:
        return [F(first).desc(nulls_last=True), *rest]
    return [F(first).asc(nulls_first=True), *rest]


def shared_names(series: QuerySet[Series], names: list[str]) -> set[str]:
    """Those of the names that stand for several definitions."""
    kinds = series.filter(meter__in=names).values_list("meter", "type", "unit").distinct()
    found = [name for name, _, _ in kinds]
    return {name for name in found if found.count(name) > 1}


def definitions(series: QuerySet[Series], name: str) -> list[Any]:
    """Each type and unit of a meter, with how many resources and projects have it."""
    rows = series.filter(meter=name).values("type", "unit")
    return list(
        rows.annotate(
            first=Min("id"),
            resources=Count("resource", distinct=True),
            projects=Count("project", distinct=True),
        ).order_by("first")
    )


def known(series: QuerySet[Series], name: str, field: str, most: int = 200) -> list[str]:
    """Values that the field has in the series of a meter, to choose from."""
    values = series.filter(meter=name, **{f"{field}__isnull": False}).values_list(field, flat=True)
    return list(values.distinct().order_by(field)[:most])
