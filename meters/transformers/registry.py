"""The transformers by their names in a pipeline file, and how a row of them is made."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

import msgspec

from meters.transformers.expressions import BadExpression
from meters.transformers.flow import Transformer
from meters.transformers.target import BadParameters, Place
from telemetry_site.core.errors import BadDefinition, UnknownName
from telemetry_site.core.pipeline.plan import Plan, Sink, Step
from telemetry_site.core.registry import Registry

TRANSFORMERS: Final[Registry[type[Transformer]]] = Registry(
    "transformer",
    {
        "accumulator": "meters.transformers.accumulator:Accumulator",
        "aggregator": "meters.transformers.aggregator:Aggregator",
        "arithmetic": "meters.transformers.arithmetic:Arithmetic",
        "delta": "meters.transformers.delta:Delta",
        "rate_of_change": "meters.transformers.rate_of_change:RateOfChange",
        "unit_conversion": "meters.transformers.unit_conversion:UnitConversion",
    },
)

_encode = msgspec.json.Encoder(order="deterministic").encode


def places(sink: Sink) -> list[Place]:
    """Where each transformer of the sink stands; what comes before it is part of that."""
    found = []
    fingerprint = blake2b(sink.name.encode(), digest_size=16).digest()
    for position, step in enumerate(sink.steps):
        content = _encode([position, step.name, step.parameters])
        fingerprint = blake2b(fingerprint + content, digest_size=16).digest()
        root = blake2b(_encode([sink.name, position]), digest_size=16).digest()
        found.append(Place(root, fingerprint))
    return found


def transformers(plan: Plan, sink: Sink) -> Sequence[Transformer]:
    """Those of the sink. Raises BadDefinition."""
    steps = zip(sink.steps, places(sink), strict=True)
    return [_made(plan, sink, step, place) for step, place in steps]


def _made(plan: Plan, sink: Sink, step: Step, place: Place) -> Transformer:
    try:
        kind = TRANSFORMERS.get(step.name)
        return kind(step.parameters, place)  # type: ignore[call-arg]  # all are made of these
    except (UnknownName, BadParameters, BadExpression) as error:
        why = f"transformer {step.name} of sink {sink.name}: {error}"
        raise BadDefinition(plan.file, step.line, why) from error
