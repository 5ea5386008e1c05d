"""Statistics over HTTP: what may be asked, and how a row is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from meters.api.fields import COUNTED, FUNCTIONS, GROUPINGS, SAMPLES
from meters.api.questions import of_meter
from meters.api.wire import naive
from meters.selection import Selection
from meters.statistics import STANDARD, Aggregate, Statistics, StatisticsQuery
from telemetry_site.core.api.parameters import Arguments
from telemetry_site.core.errors import BadRequest, UnknownArgument
from telemetry_site.core.query.simple import Simple, read

Pair = tuple[str | None, str | None]


class WireStatistics(msgspec.Struct):
    """A row of statistics; the aggregates that were not asked for are left out."""

    groupby: dict[str, str | None] | None
    unit: str | None
    min: float | msgspec.UnsetType | None
    max: float | msgspec.UnsetType | None
    avg: float | msgspec.UnsetType | None
    sum: float | msgspec.UnsetType | None
    count: int | msgspec.UnsetType
    aggregate: dict[str, float | None] | msgspec.UnsetType
    duration: float | None
    duration_start: datetime | None
    duration_end: datetime | None
    period: int
    period_start: datetime
    period_end: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """What a request asks; `named` is each selected aggregate under its name in the answer."""

    query: StatisticsQuery
    asked: Simple
    groupby: tuple[str, ...]
    named: dict[str, Aggregate]


def question(given: Arguments, meter: str, now: datetime) -> Question:
    """The question of a request about one meter. Raises BadRequest and its kin."""
    period = given.integer("period") or 0
    if period < 0:
        raise BadRequest("Period must be positive.")
    asked = read(given.query(), SAMPLES)
    groupby = groupings(given.texts("groupby"))
    named = aggregates(given.pairs("aggregate"))
    start, end = asked.widened_start, asked.widened_end
    _check_period(period, start.at if start else now)
    query = StatisticsQuery(
        Selection(of_meter(asked.where, meter), start, end),
        period=period,
        origin=start.at if start else None,
        groupby=tuple(GROUPINGS[name] for name in groupby),  # type: ignore[misc]
        aggregates=tuple(dict.fromkeys(named.values())),
    )
    return Question(query, asked, groupby, named)


def _check_period(period: int, start: datetime) -> None:
    try:
        start + timedelta(seconds=period)
    except OverflowError as error:
        raise BadRequest(f"Invalid period {period}: date value out of range") from error


def groupings(names: Sequence[str]) -> tuple[str, ...]:
    """The names to group by, each once. Raises UnknownArgument."""
    if unknown := sorted(set(names) - set(GROUPINGS)):
        shown = "{" + ", ".join(map(repr, unknown)) + "}"
        raise UnknownArgument(shown, "Invalid groupby fields")
    return tuple(dict.fromkeys(names))


def aggregates(pairs: Sequence[Pair]) -> dict[str, Aggregate]:
    """The selected aggregates by their names in the answer. Raises BadRequest."""
    found = {}
    for function, param in pairs:
        if function not in FUNCTIONS:
            raise BadRequest(f"Invalid aggregation function: {function or 'Unset'}")
        name = f"{function}/{param}" if param else function
        if function == "cardinality":
            if param not in COUNTED:
                raise BadRequest(f"Bad aggregate: cardinality.{param}")
            found[name] = Aggregate(function, COUNTED[param])  # type: ignore[arg-type]
        else:
            found[name] = Aggregate(function)  # type: ignore[arg-type]
    return found


def row(found: Statistics, asked: Question) -> WireStatistics:
    """A row of the answer."""
    selected = {aggregate.function for aggregate in asked.named.values()}
    standard = {
        name: getattr(found, name) if not selected or name in selected else msgspec.UNSET
        for name in STANDARD
    }
    start, end, duration = _duration(found, asked.asked)
    groupby = dict(zip(asked.groupby, found.groupby, strict=True))
    return WireStatistics(
        groupby=groupby or None,
        unit=found.unit,
        aggregate=_selected(found, asked.named) if asked.named else msgspec.UNSET,
        duration=duration,
        duration_start=start,
        duration_end=end,
        period=asked.query.period,
        period_start=naive(found.period_start),
        period_end=naive(found.period_end),
        **standard,
    )


def _selected(found: Statistics, named: dict[str, Aggregate]) -> dict[str, float | None]:
    return {name: _value(found, aggregate) for name, aggregate in named.items()}


def _value(found: Statistics, aggregate: Aggregate) -> float | None:
    if aggregate.function in STANDARD:
        value: float | None = getattr(found, aggregate.function)
    else:
        value = found.extra[aggregate]
    return None if value is None else float(value)


def _duration(
    found: Statistics, asked: Simple
) -> tuple[datetime | None, datetime | None, float | None]:
    """First and last sample, cut to the bounds as they were asked for, and the seconds between."""
    start, end = found.first, found.last
    if asked.start:
        start = max(start, asked.start.at)
    if asked.end:
        end = min(end, asked.end.at)
    if start > end:
        return None, None, None
    return naive(start), naive(end), (end - start).total_seconds()
