"""arithmetic: an expression over several meters of a resource."""

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from meters.ids import made_from
from meters.samples import Sample
from meters.transformers.changes import key_of
from meters.transformers.expressions import MISSING, Expression, NoValue
from meters.transformers.flow import Cell, Flow, Memory, Terms, Unit, attribute
from meters.transformers.target import BadParameters, Place, section, text

METER = re.compile(r"\$\((.*?)\)(\.?)")

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(dict[str, Sample]).decode

logger = logging.getLogger(__name__)


class Arithmetic:
    """Takes samples in, and at the end of a unit of delivery gives one for each resource that has
    all the meters of the expression: `$(name)` is a meter's volume, `$(name).x` an attribute.

    It has the owner and metadata of the meter that comes first in the expression, and, better than
    in the original, the newest time of the samples it was made from.
    """

    def __init__(self, parameters: Mapping[str, Any], place: Place) -> None:
        target = section(parameters, "target")
        self._root, self._fingerprint = place.root, place.fingerprint
        self._name, self._unit, self._type = (text(target, n) for n in ("name", "unit", "type"))
        given = text(target, "expr")
        self._meters: dict[str, str] = {}
        if not METER.search(given):
            raise BadParameters("target.expr must name at least one meter, as $(name)")
        self._expression = Expression(METER.sub(self._variable, given))
        self._reference = next(iter(self._meters))

    def keys(self, flow: Flow) -> Sequence[bytes]:
        """See Transformer.keys."""
        return list({self._key(one) for one in flow.samples if one.meter in self._meters})

    def handle(self, flow: Flow, memory: Memory, terms: Terms) -> Flow:
        """See Transformer.handle. What is replaced or withdrawn later is not taken back."""
        keys = self.keys(flow)
        found = memory.cells(keys)
        memory.read_whole(keys)
        cells = {key: found[key] for key in keys}
        held: dict[bytes, dict[str, Sample]] = {
            key: _decode(cell.state) if cell.state else {} for key, cell in cells.items()
        }
        units, unusable = [], 0
        for unit in flow.units:
            made = self._unit_of(unit.fresh, held)
            units.append(Unit([sample for sample in made if sample is not None]))
            unusable += made.count(None)
        for key, cell in cells.items():
            _keep(cell, held[key])
        return Flow(units, unusable)

    def _unit_of(
        self, samples: Sequence[Sample], held: dict[bytes, dict[str, Sample]]
    ) -> list[Sample | None]:
        """What a unit completes; None for each that has no value."""
        touched = {}
        for sample in samples:
            if sample.meter in self._meters:
                key = self._key(sample)
                held[key][sample.meter] = sample
                touched[key] = held[key]
        whole = [key for key, found in touched.items() if len(found) == len(self._meters)]
        made = [self._made(held[key]) for key in whole]
        for key in whole:
            held[key] = {}
        return made

    def _made(self, samples: Mapping[str, Sample]) -> Sample | None:
        first = samples[self._reference]
        seen = {variable: samples[meter] for meter, variable in self._meters.items()}
        try:
            volume = self._expression.value(
                lambda path: attribute(seen[path[0]], path[1:]) if path[1:] else MISSING
            )
        except NoValue as error:
            logger.warning("Nothing is made for %s: %s", first.resource, error)
            return None
        ids = b"".join(samples[meter].message_id.bytes for meter in self._meters)
        return Sample(
            self._name or first.meter, self._type or first.type, self._unit or first.unit, volume,
            first.resource, first.project, first.user, first.source,
            max(one.timestamp for one in samples.values()), made_from(self._root, ids),
            first.metadata,
        )  # fmt: skip

    def _key(self, sample: Sample) -> bytes:
        return key_of(self._fingerprint, sample.source, sample.project, sample.resource)

    def _variable(self, found: re.Match[str]) -> str:
        meter, dot = found[1], found[2]
        variable = self._meters.setdefault(meter, f"meter_{len(self._meters)}")
        return f"{variable}{dot}" if dot else f"{variable}.volume"


def _keep(cell: Cell, samples: Mapping[str, Sample]) -> None:
    content = _encode(samples) if samples else b""
    if content != cell.state:
        cell.state, cell.whole = content, True
