"""What a caller may read of the samples: every question passes here and is narrowed here."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from django.db.models import QuerySet

from meters.models import Series
from meters.samples import Meter, Resource, Sample
from meters.selection import MeterQuery, ResourceQuery, SampleQuery, Selection
from meters.statistics import Statistics, StatisticsQuery
from meters.storage.latest import Latest
from meters.storage.store import store
from meters.windows import Point, Stretch, Summary
from telemetry_site.core.errors import NotAuthorized, NotFound
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.query.tree import Compare, Node, both, conjuncts, leaves

# What is asked for, and who asks.
Selector: TypeAlias = tuple[Node, Caller]


def samples(query: SampleQuery, caller: Caller) -> Iterator[Sample]:
    """A list of samples."""
    return store().samples(replace(query, selection=_narrowed(query.selection, caller)))


def sample(message_id: str, caller: Caller) -> Sample:
    """The sample with this message id. Raises NotFound."""
    wanted = Selection(Compare("message_id", "=", message_id))
    found = store().sample(SampleQuery(_narrowed(wanted, caller), limit=1))
    if found is None:
        raise NotFound("Sample", message_id)
    return found


def meters(query: MeterQuery, caller: Caller) -> list[Meter]:
    """A list of meters."""
    return store().meters(replace(query, where=confined(query.where, caller)))


def resources(query: ResourceQuery, caller: Caller) -> list[Resource]:
    """A list of resources."""
    return store().resources(replace(query, selection=_narrowed(query.selection, caller)))


def resource(resource_id: str, caller: Caller) -> Resource:
    """One resource with its meters. Raises NotFound."""
    wanted = Selection(Compare("resource", "=", resource_id))
    found = store().resources(ResourceQuery(_narrowed(wanted, caller), limit=1))
    if not found:
        raise NotFound("Resource", resource_id)
    return found[0]


def statistics(query: StatisticsQuery, caller: Caller) -> list[Statistics]:
    """The rows of statistics."""
    return store().statistics(replace(query, selection=_narrowed(query.selection, caller)))


def summaries(
    selectors: Sequence[Selector],
    stretch: Stretch,
    *,
    by_resource: bool = False,
) -> list[list[Summary]]:
    """The buckets of many selectors at once: a list for each, in their order.

    Each is narrowed to what its own caller may see. Samples without a volume do not count, and
    buckets without samples are left out; the others are ordered by resource, where they are
    asked for `by_resource`, and start. Raises NotAuthorized, BadRequest for any of the selectors.
    """
    narrowed = [confined(where, caller) for where, caller in selectors]
    return store().summaries(narrowed, stretch, by_resource=by_resource)


def points(selectors: Sequence[Selector], start: datetime, end: datetime) -> list[list[Point]]:
    """The samples with a volume, from `start` on and before `end`, of many selectors at once.

    A list for each, ordered by resource, timestamp and message id. Raises as `summaries`.
    """
    return store().points([confined(where, caller) for where, caller in selectors], start, end)


def series(caller: Caller) -> QuerySet[Series]:
    """The series, for pages that list and filter them."""
    own = caller.confined_to
    return Series.objects.all() if own is None else Series.objects.filter(project=own)


def latest(series: QuerySet[Series]) -> dict[int, Latest]:
    """The last sample of each of these series, which `series` gave, by its id."""
    return store().latest(series)


def confined(where: Node, caller: Caller) -> Node:
    """The condition, narrowed to the project that the caller is confined to, if it is.

    Raises NotAuthorized for any comparison of the project with something else than that one.
    """
    own = caller.confined_to
    if own is None:
        return where
    for leaf in leaves(where):
        if leaf.field == "project" and leaf.value != own:
            raise NotAuthorized(list(leaf.value) if isinstance(leaf.value, tuple) else leaf.value)
    mine = Compare("project", "=", own)
    return where if mine in conjuncts(where) else both(where, mine)


def _narrowed(selection: Selection, caller: Caller) -> Selection:
    return replace(selection, where=confined(selection.where, caller))
