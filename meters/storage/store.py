"""The one interface of the sample stores, and the choice between them."""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import Protocol

from django.db import connection

from meters.samples import Meter, Resource, Sample
from meters.selection import MeterQuery, ResourceQuery, SampleQuery
from meters.statistics import Statistics, StatisticsQuery

STORES = {
    "sqlite": "meters.storage.sqlite:SqliteStore",
    "postgresql": "meters.storage.postgres:PostgresStore",
}


class SampleStore(Protocol):
    """Keeps samples, each once, and answers questions about them."""

    def prepare(self, samples: Sequence[Sample]) -> None:
        """Make room for the times of these samples; called outside any transaction."""

    def record(self, samples: Sequence[Sample]) -> int:
        """Store the samples that are not there yet; how many those were.

        A sample is there already when one of the same series, timestamp and message id is.
        One that carries no `recorded_at` was recorded now.
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


@cache
def _store(vendor: str) -> SampleStore:
    module, _, name = STORES[vendor].partition(":")
    found: SampleStore = getattr(import_module(module), name)()
    return found


def store() -> SampleStore:
    """The store that goes with the configured database."""
    return _store(connection.vendor)
