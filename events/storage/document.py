"""Traits as one document: an object whose keys say the type too.

A time is whole microseconds since 1970, so that documents compare as the traits do.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from events.records import Trait, TraitType
from telemetry_site.core.clock import from_microseconds, to_microseconds

PREFIXES: Mapping[TraitType, str] = {
    "string": "s:",
    "integer": "i:",
    "float": "f:",
    "datetime": "d:",
}
TYPES: Mapping[str, TraitType] = {prefix: kind for kind, prefix in PREFIXES.items()}


class Keys(dict[str, str]):
    """The keys of traits of one type by their names, which all stand in definitions."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self._prefix = prefix

    def __missing__(self, name: str) -> str:
        made = self[name] = self._prefix + name
        return made


KEYS: Mapping[TraitType, Keys] = {kind: Keys(prefix) for kind, prefix in PREFIXES.items()}

READ: Mapping[TraitType, Callable[[Any], Any]] = {
    "string": str,
    "integer": int,
    "float": float,
    "datetime": lambda given: from_microseconds(int(given)),
}


def key(name: str, kind: TraitType) -> str:
    """The key of a trait.

    >>> key("host", "string")
    's:host'
    """
    return PREFIXES[kind] + name


def value(given: Any) -> Any:
    """A value as it stands in a document."""
    return to_microseconds(given) if isinstance(given, datetime) else given


def document(traits: Iterable[Trait]) -> dict[str, Any]:
    """The document of the traits."""
    # Spelled out, not called: it runs once for each trait that comes in.
    return {
        KEYS[one.type][one.name]: to_microseconds(one.value)
        if isinstance(one.value, datetime)
        else one.value
        for one in traits
    }


def traits(found: Mapping[str, Any]) -> tuple[Trait, ...]:
    """The traits of a document, by name."""
    return tuple(trait(one, found[one]) for one in sorted(found, key=lambda one: one[2:]))


def trait(name: str, given: Any) -> Trait:
    """The trait of one key, whose value may be text."""
    kind = TYPES[name[:2]]
    return Trait(name[2:], kind, READ[kind](given))
