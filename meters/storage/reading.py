"""The half of a store that is the same on both databases; a dialect says what differs."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet

from meters.models import Series
from meters.samples import Meter, Resource, Sample
from meters.selection import MeterQuery, ResourceQuery, SampleQuery
from meters.statistics import Statistics, StatisticsQuery
from meters.storage import inventory, windows
from meters.storage.dialect import Dialect
from meters.storage.latest import Latest, latest_of
from meters.storage.listing import Listing
from meters.storage.rebuilding import mark_everything
from meters.storage.resources import Resources
from meters.storage.standing import Standing, standing
from meters.storage.statistics_sql import statistics
from meters.windows import Point, Stretch, Summary
from telemetry_site.core import clock
from telemetry_site.core.query.tree import Node
from telemetry_site.core.transactions import one_snapshot


class ReadingStore:
    """See SampleStore."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect

    def samples(self, query: SampleQuery) -> Iterator[Sample]:
        """See SampleStore.samples."""
        return iter(Listing(self._dialect, query, clock.now()))

    def sample(self, query: SampleQuery) -> Sample | None:
        """See SampleStore.sample."""
        return next(self.samples(replace(query, limit=1)), None)

    def meters(self, query: MeterQuery) -> list[Meter]:
        """See SampleStore.meters."""
        return inventory.meters(self._dialect, query, clock.now())

    def resources(self, query: ResourceQuery) -> list[Resource]:
        """See SampleStore.resources."""
        with one_snapshot():
            return Resources(self._dialect, query, clock.now()).answer()

    def statistics(self, query: StatisticsQuery) -> list[Statistics]:
        """See SampleStore.statistics."""
        return statistics(self._dialect, query, clock.now())

    def summaries(
        self, selectors: Sequence[Node], stretch: Stretch, *, by_resource: bool
    ) -> list[list[Summary]]:
        """See SampleStore.summaries."""
        return windows.summaries(self._dialect, selectors, stretch, by_resource=by_resource)

    def points(
        self, selectors: Sequence[Node], start: datetime, end: datetime
    ) -> list[list[Point]]:
        """See SampleStore.points."""
        return windows.points(self._dialect, selectors, start, end)

    def latest(self, series: QuerySet[Series]) -> dict[int, Latest]:
        """See SampleStore.latest."""
        return latest_of(self._dialect, series, clock.now())

    def standing(self, newest: datetime | None) -> Standing:
        """See SampleStore.standing."""
        return standing(self._dialect, newest, clock.now())

    def mark_everything(self) -> int:
        """See SampleStore.mark_everything."""
        return mark_everything(self._dialect)
