"""Requests for meters, samples and resources as questions to the store."""

from collections.abc import Mapping
from typing import Any

from meters.api.fields import COMPLEX, METERS, RESOURCES, SAMPLES
from meters.selection import NEWEST_FIRST, MeterQuery, Order, ResourceQuery, SampleQuery, Selection
from telemetry_site.core.api.parameters import Arguments
from telemetry_site.core.query import complex
from telemetry_site.core.query.simple import read
from telemetry_site.core.query.tree import EVERYTHING, And, Compare, Node, conjuncts


def of_meter(where: Node, meter: str) -> Node:
    """The condition for one meter; what it says of the meter's name gives way."""
    parts = [
        part
        for part in conjuncts(where)
        if not (isinstance(part, Compare) and part.field == "meter")
    ]
    return And((*parts, Compare("meter", "=", meter)))


def samples(given: Arguments, default_limit: int, meter: str | None = None) -> SampleQuery:
    """A list of samples, of one meter if it is named. Raises BadRequest and its kin."""
    limit = given.limit(default_limit)
    asked = read(given.query(), SAMPLES)
    where = asked.where if meter is None else of_meter(asked.where, meter)
    return SampleQuery(Selection(where, asked.widened_start, asked.widened_end), limit=limit)


def meters(given: Arguments, default_limit: int) -> MeterQuery:
    """A list of meters. Raises BadRequest and its kin."""
    limit = given.limit(default_limit)
    return MeterQuery(read(given.query(), METERS).where, given.flag("unique"), limit)


def resources(given: Arguments, default_limit: int) -> ResourceQuery:
    """A list of resources. Raises BadRequest and its kin."""
    limit, links = given.limit(default_limit), given.integer("meter_links")
    asked = read(given.query(), RESOURCES)
    selection = Selection(asked.where, asked.widened_start, asked.widened_end)
    return ResourceQuery(selection, meters=links != 0, limit=limit)


def complex_filter(body: Mapping[str, Any]) -> Node:
    """The condition of a complex query. Raises BadRequest, NotSupported."""
    text = body.get("filter")
    return EVERYTHING if text is None else complex.read_filter(text, COMPLEX)


def complex_order(body: Mapping[str, Any]) -> tuple[Order, ...]:
    """The order of a complex query. Raises BadRequest."""
    text = body.get("orderby")
    if text is None:
        return NEWEST_FIRST
    keys = complex.read_order(text, COMPLEX)
    return tuple(Order(name, descending) for name, descending in keys)  # type: ignore[arg-type]
