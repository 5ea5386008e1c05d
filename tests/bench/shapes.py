"""Loads of one shape, as we and as gnocchi are sent them: the same points of the same series."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, product
from operator import itemgetter
from typing import Any, TypeAlias

import msgspec

from tests.bench import workload
from tests.bench.http_load import Post

Series: TypeAlias = tuple[int, int]  # the numbers of meter and resource
POINTS_A_REQUEST = 5_000  # to both, of as many metrics as that takes


@dataclass(frozen=True, slots=True)
class Shape:
    """In every turn so many points of each series, later than those of the turn before."""

    series: Sequence[Series]
    points: int
    step: timedelta
    start: datetime

    @property
    def count(self) -> int:
        """How many samples a turn has."""
        return len(self.series) * self.points

    def posts(self, turn: int) -> list[Post]:
        """As we are sent them: each request is of one meter."""
        found = []
        for meter, series in groupby(sorted(self.series), itemgetter(0)):
            samples = [
                workload.posted(meter, resource, at, volume)
                for _, resource in series
                for at, volume in self._of(resource, turn)
            ]
            found += [(workload.path(meter), body) for body in _bodies(samples)]
        return found

    def measures(self, turn: int, metrics: Mapping[Series, str]) -> list[Post]:
        """As gnocchi is sent them, by the ids of its metrics."""
        at_once = max(1, POINTS_A_REQUEST // self.points)
        parts = [self.series[n : n + at_once] for n in range(0, len(self.series), at_once)]
        return [
            ("/v1/batch/metrics/measures", msgspec.json.encode(self._measured(part, turn, metrics)))
            for part in parts
        ]

    def _measured(
        self, series: Sequence[Series], turn: int, metrics: Mapping[Series, str]
    ) -> dict[str, list[dict[str, Any]]]:
        return {
            metrics[one]: [
                {"timestamp": at.isoformat(), "value": volume}
                for at, volume in self._of(one[1], turn)
            ]
            for one in series
        }

    def _of(self, resource: int, turn: int) -> Iterator[tuple[datetime, float]]:
        first = self.start + turn * self.points * self.step
        for place in range(self.points):
            yield first + place * self.step, (resource * 7_919 + place * 104_729) % 10_007 / 7


def every(meters: int, resources: int) -> list[Series]:
    """The series of so many meters of so many resources."""
    return list(product(range(meters), range(resources)))


def _bodies(samples: Sequence[Mapping[str, Any]]) -> Iterator[bytes]:
    for first in range(0, len(samples), POINTS_A_REQUEST):
        yield msgspec.json.encode(samples[first : first + POINTS_A_REQUEST])
