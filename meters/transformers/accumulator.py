"""accumulator: holds samples back until there are so many."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from meters.samples import Sample
from meters.transformers.flow import Flow, Memory, Terms, Unit
from meters.transformers.target import Place, whole

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Sample]).decode


class Accumulator:
    """Lets them all go, unchanged, at the end of a unit of delivery when it holds `size`.

    A size below 1 holds nothing back. What is replaced or withdrawn later is not taken back.
    """

    def __init__(self, parameters: Mapping[str, Any], place: Place) -> None:
        self._size = whole(parameters, "size", 1) or 0
        self._key = place.fingerprint

    def keys(self, flow: Flow) -> Sequence[bytes]:
        """See Transformer.keys."""
        return (self._key,) if self._size >= 1 and flow else ()

    def handle(self, flow: Flow, memory: Memory, terms: Terms) -> Flow:
        """See Transformer.handle."""
        if not self.keys(flow):
            return Flow(flow.units)
        cell = memory.cells([self._key])[self._key]
        memory.read_whole([self._key])
        held = _decode(cell.state) if cell.state else []
        units = []
        for unit in flow.units:
            held += unit.fresh
            full = len(held) >= self._size
            units.append(Unit(held if full else ()))
            held = [] if full else held
        cell.state, cell.whole = _encode(held) if held else b"", True
        return Flow(units)
