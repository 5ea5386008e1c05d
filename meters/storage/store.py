"""The one interface of the sample stores, and the choice between them."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from importlib import import_module
from typing import Protocol

from django.db import connection
from django.db.models import QuerySet

from meters.models import Series
from meters.samples import Meter, Resource, Sample
from meters.selection import MeterQuery, ResourceQuery, SampleQuery
from meters.statistics import Statistics, StatisticsQuery
from meters.storage.latest import Latest
from meters.storage.rollups import RolledUp
from meters.storage.standing import Standing
from meters.windows import Point, Stretch, Summary
from telemetry_site.core.query.tree import Node
from telemetry_site.core.storage.dropping import Dropped
from telemetry_site.core.storage.table import Table

STORES = {
    "sqlite": "meters.storage.sqlite:SqliteStore",
    "postgresql": "meters.storage.postgres:PostgresStore",
}


class SampleStore(Protocol):
    """Keeps samples, each once, and answers questions about them."""

    def prepare(self, samples: Sequence[Sample]) -> None:
        """Make room for the times of these samples; called outside any transaction."""

    def record(
        self,
        samples: Sequence[Sample],
        replaced: Sequence[Sample] = (),
        withdrawn: Sequence[Sample] = (),
    ) -> int:
        """Store the samples that are not there yet; how many those were.

        A sample is there already when one of the same series, timestamp and message id is.
        One that carries no `recorded_at` was recorded now. Those `replaced` are stored in place of
        what is there, those `withdrawn` are deleted.
        To be called once, inside a transaction that its owner repeats whole on a conflict.
        """

    def samples(self, query: SampleQuery) -> Iterator[Sample]:
        """The samples, in the order asked for, with `recorded_at`."""

    def sample(self, query: SampleQuery) -> Sample | None:
        """The first sample of the answer, looked for from the newest day back."""

    def meters(self, query: MeterQuery) -> list[Meter]:
        """The meters."""

    def resources(self, query: ResourceQuery) -> list[Resource]:
        """The resources, ordered by id."""

    def statistics(self, query: StatisticsQuery) -> list[Statistics]:
        """The rows that have samples, ordered by period, then group, then unit."""

    def summaries(
        self, selectors: Sequence[Node], stretch: Stretch, *, by_resource: bool
    ) -> list[list[Summary]]:
        """The buckets that have volumes, ordered by resource, then start; a list a selector.

        The number of statements is that of the kinds of selectors: of what they compare, not with
        which values.
        """

    def points(
        self, selectors: Sequence[Node], start: datetime, end: datetime
    ) -> list[list[Point]]:
        """The samples with a volume, by resource, timestamp and message id; a list a selector.

        From `start` on and before `end`, in as many statements.
        """

    def latest(self, series: QuerySet[Series]) -> dict[int, Latest]:
        """The last sample of each of the series by its id; without those that have none."""

    def roll_up(self, step: timedelta, now: datetime) -> RolledUp:
        """Make hours or days anew that are over and behind, as many as one transaction takes.

        Nothing where another roll-up is at work.
        """

    def drop_before(self, table: Table, day: date) -> Dropped:
        """Take away the rows of the table that are older than the day of UTC."""

    def found_before(self, table: Table, day: date) -> Dropped:
        """What drop_before would take away."""

    def standing(self, newest: datetime | None) -> Standing:
        """How large the store is, how far its upkeep has come; `newest` is its last time."""

    def mark_everything(self) -> int:
        """Delete the rollups of samples that are there, and mark their hours; how many hours."""

    def used_snapshots(self) -> set[int]:
        """The ids of the metadata that samples refer to; reads all samples."""


@cache
def _store(vendor: str) -> SampleStore:
    module, _, name = STORES[vendor].partition(":")
    found: SampleStore = getattr(import_module(module), name)()
    return found


def store() -> SampleStore:
    """The store that goes with the configured database."""
    return _store(connection.vendor)
