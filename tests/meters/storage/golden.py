"""Golden statistics: files of series, questions and answers; their form is told beside them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import yaml

from meters.samples import Sample
from meters.selection import Bound, Selection
from meters.statistics import Aggregate, Function, Statistics, StatisticsQuery
from tests.factories import MOMENT, make_sample

FILES = sorted((Path(__file__).parents[2] / "golden" / "statistics").glob("*.yaml"))


def cases() -> Iterator[tuple[str, list[Sample], StatisticsQuery, list[dict[str, Any]]]]:
    """A name, the samples, the question and the rows of its answer."""
    for path in FILES:
        text = yaml.safe_load(path.read_text())
        loaded = list(_samples(text["load"], text.get("with", {})))
        for place, case in enumerate(text["cases"], start=1):
            yield f"{path.stem}-{place}", loaded, _query(case["ask"]), case["gives"]


def _samples(load: dict[str, Any], others: dict[str, dict[str, Any]]) -> Iterator[Sample]:
    interval = load["interval"]
    for resource, volumes in load.items():
        if resource == "interval":
            continue
        for place, volume in enumerate(str(volumes).split()):
            if volume != "_":
                yield make_sample(
                    None if volume == "~" else float(volume),
                    _moment(place * interval),
                    resource=resource,
                    **others.get(resource, {}),
                )


def _query(ask: dict[str, Any]) -> StatisticsQuery:
    return StatisticsQuery(
        Selection(
            start=Bound(_moment(ask["from"]), inclusive=True) if "from" in ask else None,
            end=Bound(_moment(ask["until"]), inclusive=False) if "until" in ask else None,
        ),
        period=ask.get("period", 0),
        origin=_moment(ask["origin"]) if "origin" in ask else None,
        groupby=tuple(ask.get("groupby", ())),
        aggregates=tuple(map(_aggregate, ask.get("aggregates", ()))),
    )


def _aggregate(name: str) -> Aggregate:
    function, _, param = name.partition("/")
    return Aggregate(cast(Function, function), cast(Any, param or None))


def _moment(seconds: int) -> datetime:
    return MOMENT + timedelta(seconds=seconds)


def brief(row: Statistics) -> dict[str, Any]:
    """A row as the files write it."""
    return {
        "unit": row.unit,
        "groups": list(row.groupby),
        "count": row.count,
        "sum": row.sum,
        "avg": row.avg,
        "min": row.min,
        "max": row.max,
        **{
            name: (moment - MOMENT).total_seconds()
            for name, moment in (
                ("first", row.first),
                ("last", row.last),
                ("start", row.period_start),
                ("end", row.period_end),
            )
        },
        **{
            "/".join(filter(None, (aggregate.function, aggregate.param))): value
            for aggregate, value in row.extra.items()
        },
    }
