"""What a transformer makes of a sample: its new name, unit, type and scale."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

from meters.ids import mask_of, masked
from meters.samples import KINDS, Sample
from meters.transformers.expressions import Expression
from meters.transformers.flow import attribute
from telemetry_site.core.errors import TelemetryError

NAMED = ("name", "unit")


class BadParameters(TelemetryError):
    """A transformer cannot be made of its parameters; says what to change."""


class Place(NamedTuple):
    """Where a transformer stands.

    `root` is what the ids of the samples it makes follow from, besides the ids of those they are
    made of. `fingerprint` stands for its
    parameters and all that come before it: with another one it remembers nothing.
    """

    root: bytes
    fingerprint: bytes


class Naming:
    """Name, unit and type of what is made, by the rules that the original has for them.

    A regular expression of source.map_from and what target.map_to puts for it come first, if
    both are there and something comes of it; then target's own; else it stays as it is.
    """

    def __init__(self, parameters: Mapping[str, Any], place: Place) -> None:
        target, source = section(parameters, "target"), section(parameters, "source")
        self._fixed = {name: text(target, name) for name in (*NAMED, "type")}
        if self._fixed["type"] and self._fixed["type"] not in KINDS:
            raise BadParameters(f"target.type must be one of {', '.join(KINDS)}")
        found, put = section(source, "map_from"), section(target, "map_to")
        self._maps = {name: _map(text(found, name), text(put, name)) for name in NAMED}
        self._mask = mask_of(place.root)
        self._known: dict[tuple[str, str | None, str], tuple[str, str | None, str]] = {}

    def made(self, sample: Sample, volume: float) -> Sample:
        """The sample that is made of this one, with an id that follows from its id."""
        given = (sample.meter, sample.unit, sample.type)
        known = self._known
        meter, unit, kind = known.get(given) or known.setdefault(given, self._named(*given))
        return Sample(
            meter, kind, unit, volume, sample.resource, sample.project, sample.user, sample.source,
            sample.timestamp, masked(sample.message_id, self._mask), sample.metadata,
        )  # fmt: skip

    def _named(self, meter: str, unit: str | None, kind: str) -> tuple[str, str | None, str]:
        return (
            self._mapped("name", meter) or meter,
            self._mapped("unit", unit or "") or unit,
            self._fixed["type"] or kind,
        )

    def _mapped(self, what: str, given: str) -> str:
        rule = self._maps[what]
        return (rule and rule(given)) or self._fixed[what]


class Scale:
    """What a volume is multiplied by, or an expression that gives a new one; and a bound."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        target = section(parameters, "target")
        given = target.get("scale")
        self._number = number(given) if not isinstance(given, str) else 0.0
        self._expression = Expression(given) if isinstance(given, str) and given else None
        self._most = number(target.get("max"))

    def __bool__(self) -> bool:
        """Whether it changes anything."""
        return bool(self._number or self._expression or self._most)

    def scaled(self, sample: Sample, volume: float) -> float:
        """The volume in the new unit, not yet bounded. Raises NoValue."""
        if self._expression:
            return self._evaluated(self._expression, sample)
        return volume * self._number if self._number else volume

    def factor(self, sample: Sample, volume: float) -> float:
        """What a rate is multiplied by: 1, the value of the expression, or, as in the original,
        for a plain number that number times the volume. Raises NoValue."""
        if self._expression:
            return self._evaluated(self._expression, sample)
        return volume * self._number if self._number else 1.0

    def bounded(self, volume: float) -> float:
        """No more than target.max, where there is one."""
        return min(volume, self._most) if self._most else volume

    def _evaluated(self, expression: Expression, sample: Sample) -> float:
        return expression.value(partial(attribute, sample))


def section(parameters: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object among parameters; empty where there is none. Raises BadParameters."""
    found = parameters.get(name) or {}
    if not isinstance(found, Mapping):
        raise BadParameters(f"{name} must be an object")
    return found


def text(parameters: Mapping[str, Any], name: str) -> str:
    """A text among parameters; empty where there is none. Raises BadParameters."""
    found = parameters.get(name)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise BadParameters(f"{name} must be a text, not {found!r:.80}")
    return found


def number(given: Any) -> float:
    """A number; 0 where there is none. Raises BadParameters."""
    if given is None:
        return 0.0
    try:
        found = float(given)
    except (TypeError, ValueError) as error:
        raise BadParameters(f"{given!r:.80} must be a number") from error
    if found != found or found in (float("inf"), float("-inf")):
        raise BadParameters(f"{given!r:.80} must be a number")
    return found


def whole(parameters: Mapping[str, Any], name: str, default: int | None) -> int | None:
    """A whole number among parameters; 0 is one, null and what is not there are the default."""
    found = parameters.get(name)
    if found is None:
        return default
    try:
        return int(found)
    except (TypeError, ValueError) as error:
        raise BadParameters(f"{name} must be a whole number, not {found!r:.80}") from error


def _map(pattern: str, replacement: str) -> Any:
    """Puts the replacement for what the pattern finds; None where they cannot be used."""
    if not pattern or not replacement:
        return None
    try:
        rule = re.compile(pattern)
        re.sub(rule, replacement, "")
        return partial(_substituted, rule, replacement)
    except (re.error, IndexError):
        return None


def _substituted(rule: re.Pattern[str], replacement: str, given: str) -> str:
    try:
        return rule.sub(replacement, given)
    except (re.error, IndexError):
        return ""
