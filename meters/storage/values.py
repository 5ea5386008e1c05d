"""Values of a query as the type of the column they are compared with, or nothing."""

import math
from collections.abc import Sequence
from uuid import UUID

from telemetry_site.core.query.literals import storable
from telemetry_site.core.query.tree import Value

# Far beyond what metadata hold, and well inside of what a database can compare.
BIGGEST_INTEGER = 10**40


def as_text(value: Value) -> str | None:
    """Text, or the text of a number."""
    if isinstance(value, str):
        return value if storable(value) else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(bounded(value))
    return None


def as_number(value: Value) -> float | None:
    """A float of a number or of numeric text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    except OverflowError:
        return math.copysign(math.inf, 1 if int(value) > 0 else -1)
    return None if math.isnan(number) else number


def as_uuid(value: Value) -> UUID | None:
    """The UUID that a text spells."""
    if not isinstance(value, str):
        return None
    try:
        return UUID(value)
    except ValueError:
        return None


def bounded(value: int | float) -> int | float:
    """A whole number cut to what every database can compare; a float as it is."""
    if isinstance(value, float):
        return value
    return max(-BIGGEST_INTEGER, min(value, BIGGEST_INTEGER))


def storable_path(path: Sequence[str]) -> bool:
    """Whether every part of a metadata path could be a key."""
    return bool(path) and all(storable(part) for part in path)


def comparable(value: object) -> bool:
    """Whether metadata can hold such a value: text, a finite number, true, false or null."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, int)
