"""Objects of JSON, read by a table of their attributes.

Coercions and texts are those of WSME, by which the original reads them.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from telemetry_site.core.errors import BadRequest, InvalidInput
from telemetry_site.core.query.literals import FALSE, TRUE, storable

# A value by the name of its attribute, as it is kept; raises InvalidInput.
Reader: TypeAlias = Callable[[str, Any], Any]

MANDATORY = "Mandatory field missing."
UNSTORABLE = "It must hold no NUL and no lone surrogate."
LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute: how it is read, and what it is where it is missing or null."""

    name: str
    read: Reader
    default: Any = None
    mandatory: bool = False


def read(given: object, attributes: Sequence[Attribute], where: str = "data") -> dict[str, Any]:
    """The attributes of an object, in the order of the table. Raises BadRequest, InvalidInput."""
    if not isinstance(given, Mapping):
        raise InvalidInput(where.rpartition(".")[2], given, "Value not a valid dict")
    known = {one.name for one in attributes}
    for name in given:
        if name not in known:
            raise BadRequest(f"Unknown attribute for argument {where}: {name}")
    return {one.name: _value(one, given.get(one.name)) for one in attributes}


def _value(attribute: Attribute, given: Any) -> Any:
    if given is not None:
        return attribute.read(attribute.name, given)
    if attribute.mandatory:
        raise InvalidInput(attribute.name, None, MANDATORY)
    default = attribute.default
    return list(default) if isinstance(default, list) else default


def text(name: str, value: Any) -> str:
    """A text that a database can hold."""
    if not isinstance(value, str):
        raise InvalidInput(name, value, f"Wrong type. Expected '{str}', got '{type(value)}'")
    if not storable(value):
        raise InvalidInput(name, value.encode("ascii", "replace").decode(), UNSTORABLE)
    return value


def integer(least: int = -LARGEST, most: int = LARGEST) -> Reader:
    """A whole number within bounds; a text of digits is one."""

    def read_integer(name: str, value: Any) -> int:
        number = _whole(value)
        if number is None:
            raise InvalidInput(name, value, f"Wrong type. Expected '{int}', got '{type(value)}'")
        if number < least:
            raise InvalidInput(name, value, f"Value should be greater or equal to {least}")
        if number > most:
            raise InvalidInput(name, value, f"Value should be lower or equal to {most}")
        return number

    return read_integer


def number(name: str, value: Any) -> float:
    """A finite number; a text that spells one is one."""
    try:
        found = float(value) if isinstance(value, int | float | str) else math.nan
    except (ValueError, OverflowError):
        found = math.nan
    if isinstance(value, bool) or not math.isfinite(found):
        raise InvalidInput(name, value, f"Wrong type. Expected '{float}', got '{type(value)}'")
    return found


def boolean(name: str, value: Any) -> bool:
    """True or false; the usual words, 1 and 0 are too."""
    if isinstance(value, bool):
        return value
    word = str(value).lower() if isinstance(value, str | int) else ""
    if word in TRUE or word in FALSE:
        return word in TRUE
    raise InvalidInput(name, value, f"Wrong type. Expected '{bool}', got '{type(value)}'")


def one_of(*words: str) -> Reader:
    """One of the words."""

    def read_one_of(name: str, value: Any) -> str:
        if value not in words:
            raise InvalidInput(name, value, f"Value should be one of: {', '.join(words)}")
        return str(value)

    return read_one_of


def listed(each: Reader) -> Reader:
    """A list, each of whose items is read."""

    def read_list(name: str, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise InvalidInput(name, value, f"Wrong type. Expected '{list}', got '{type(value)}'")
        return [each(name, item) for item in value]

    return read_list


def anything(name: str, value: Any) -> Any:
    """Whatever it is; who asks for it reads it."""
    return value


def _whole(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = int(value)
    except (ValueError, OverflowError):
        return None
    return found if not isinstance(value, float) or found == value else None
