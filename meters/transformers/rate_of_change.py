"""rate_of_change: the change per second."""

from collections.abc import Mapping
from typing import Any

from meters.samples import Sample
from meters.transformers.changes import Changes
from meters.transformers.target import Naming, Place, Scale
from meters.transformers.trails import TIME, VOLUME, Point

SECOND = 1_000_000


class RateOfChange(Changes):
    """The difference of two volumes by that of their times in seconds, scaled.

    A cumulative meter that became smaller began again at 0. Two samples of one moment have no
    rate between them: it is 0.
    """

    def __init__(self, parameters: Mapping[str, Any], place: Place) -> None:
        super().__init__(Naming(parameters, place), place)
        self._scale = Scale(parameters)

    def change(self, before: Point, point: Point, sample: Sample) -> float | None:
        """See Changes.change."""
        grown = point[VOLUME] - before[VOLUME]
        if grown < 0 and sample.type == "cumulative":
            grown = point[VOLUME]
        passed = point[TIME] - before[TIME]
        rate = grown / (passed / SECOND) if passed else 0.0
        scale = self._scale
        return scale.bounded(rate * scale.factor(sample, point[VOLUME])) if scale else rate
