"""delta: the change since the sample before."""

from collections.abc import Mapping
from typing import Any

from meters.samples import Sample
from meters.transformers.changes import Changes
from meters.transformers.target import Naming, Place, section
from meters.transformers.trails import VOLUME, Point


class Delta(Changes):
    """The difference of two volumes, of type delta; a target's unit is ignored, as it always was.

    With `growth_only` a volume that has become smaller gives nothing.
    """

    def __init__(self, parameters: Mapping[str, Any], place: Place) -> None:
        target = {**section(parameters, "target"), "unit": None, "type": "delta"}
        target["map_to"] = {**section(target, "map_to"), "unit": None}
        super().__init__(Naming({**parameters, "target": target}, place), place)
        self._growth_only = bool(parameters.get("growth_only", False))

    def change(self, before: Point, point: Point, sample: Sample) -> float | None:
        """See Changes.change."""
        found = point[VOLUME] - before[VOLUME]
        return None if self._growth_only and found < 0 else found
