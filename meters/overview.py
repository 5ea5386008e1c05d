"""What is stored and what comes in, in a few numbers that are cheap at any size."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Sum

from meters import queries
from meters.samples import Sample
from meters.selection import SampleQuery
from meters.storage.latest import with_count_since
from telemetry_site.core.identity.caller import Caller

LATELY = timedelta(hours=1)
NEWEST = 12
BUSIEST = 12


@dataclass(frozen=True, slots=True)
class Overview:
    """`stock` counts series, meters, resources and projects; `recent` samples of the last hour.

    `busiest` are the meters with the most samples in that hour, most first.
    """

    stock: dict[str, int]
    recent: int
    busiest: list[Mapping[str, Any]]
    newest: list[Sample]


def overview(caller: Caller, now: datetime) -> Overview:
    """Counts from the series, and only the last hour of the samples."""
    series = queries.series(caller)
    stock = series.aggregate(
        series=Count("id"),
        meters=Count("meter", distinct=True),
        resources=Count("resource", distinct=True),
        projects=Count("project", distinct=True),
    )
    rows: list[Any] = list(
        with_count_since(series, now - LATELY)
        .values("meter")
        .annotate(samples=Sum("count_since"))
        .order_by(F("samples").desc(nulls_last=True), "meter")
    )
    busiest = [row for row in rows if row["samples"]]
    return Overview(
        stock=stock,
        recent=sum(row["samples"] for row in busiest),
        busiest=busiest[:BUSIEST],
        newest=list(queries.samples(SampleQuery(limit=NEWEST), caller)),
    )
