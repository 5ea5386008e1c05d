"""unit_conversion: another unit, and the volume in it."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from meters.samples import Sample
from meters.transformers.expressions import NoValue
from meters.transformers.flow import Flow, Memory, Terms, Unit, volume_of
from meters.transformers.target import Naming, Place, Scale, section, text

logger = logging.getLogger(__name__)


class UnitConversion:
    """Each sample by itself; one of another unit than source.unit goes on as it is."""

    def __init__(self, parameters: Mapping[str, Any], place: Place) -> None:
        self._naming = Naming(parameters, place)
        self._scale = Scale(parameters)
        self._unit = text(section(parameters, "source"), "unit")

    def keys(self, flow: Flow) -> Sequence[bytes]:
        """It remembers nothing."""
        return ()

    def handle(self, flow: Flow, memory: Memory, terms: Terms) -> Flow:
        """See Transformer.handle."""
        units = [Unit._make(map(self._converted, unit)) for unit in flow.units]
        lost = sum(len(unit.fresh) for unit in flow.units) - sum(len(unit.fresh) for unit in units)
        return Flow(units, lost)

    def _converted(self, samples: Iterable[Sample]) -> list[Sample]:
        return [made for sample in samples if (made := self._made(sample)) is not None]

    def _made(self, sample: Sample) -> Sample | None:
        if self._unit and sample.unit != self._unit:
            return sample
        try:
            volume = self._scale.scaled(sample, volume_of(sample))
        except NoValue as error:
            logger.warning("%s of %s is left out: %s", sample.meter, sample.resource, error)
            return None
        return self._naming.made(sample, self._scale.bounded(volume))
