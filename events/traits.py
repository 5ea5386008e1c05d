"""Values of notifications as typed traits."""

from collections.abc import Callable
from datetime import datetime
from math import isfinite
from typing import Any

from events.records import LONGEST_TEXT, TraitType
from telemetry_site.core.clock import utc

LARGEST = (1 << 63) - 1


def moment(value: Any) -> datetime:
    """The time that a text names, in UTC; without an offset it is UTC. Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError("it is no text")
    return utc(value)


def _integer(value: Any) -> int:
    found = int(value)
    if not -LARGEST <= found <= LARGEST:
        raise ValueError("it has more than 64 bits")
    return found


def _number(value: Any) -> float:
    found = float(value)
    if not isfinite(found):
        raise ValueError("it is no finite number")
    return found


def _text(value: Any) -> str:
    return value[:LONGEST_TEXT] if type(value) is str else str(value)[:LONGEST_TEXT]


# By the words of definitions.
KINDS: dict[str, tuple[TraitType, Callable[[Any], Any]]] = {
    "text": ("string", _text),
    "none": ("string", _text),
    "int": ("integer", _integer),
    "float": ("float", _number),
    "datetime": ("datetime", moment),
}
