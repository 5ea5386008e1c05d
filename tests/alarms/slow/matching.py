"""Which samples a rule means: the items of a query, and the search for resources of gnocchi."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from meters.samples import Sample

ALIASES = {"project_id": "project", "user_id": "user", "resource_id": "resource"}
TRUE = ("true", "t", "yes", "y", "on", "1")


def matches(sample: Sample, query: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a sample fits all items of a query.

    An item that names a meter says nothing: as in statistics, the meter that is asked for counts.
    """
    for item in query:
        if item["field"] == "meter":
            continue
        first, *path = item["field"].split(".")
        if first in ("metadata", "resource_metadata"):
            if not _same(_inside(sample, path), _typed(item["value"], item.get("type") or "")):
                return False
        elif str(getattr(sample, ALIASES.get(first, first))) != item["value"]:
            # None and the text `None` are one here: so a query asks for what nobody owns.
            return False
    return True


def _inside(sample: Sample, path: Sequence[str]) -> Any:
    value = json.loads(sample.metadata)
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _same(one: Any, other: Any) -> bool:
    """Equal and of one type: 1, 1.0, true and "1" are four things."""
    return one is not None and type(one) is type(other) and bool(one == other)


def _typed(value: str, kind: str) -> Any:
    if kind == "integer":
        return int(value)
    if kind == "float":
        return float(value)
    if kind == "boolean":
        return value.lower() in TRUE
    if kind == "string":
        return value
    return _guessed(value)


def _guessed(value: str) -> Any:
    """A Python literal where it is one."""
    if re.fullmatch(r"[+-]?\d+", value):
        return int(value)
    if re.fullmatch(r"[+-]?\d+\.\d*", value):
        return float(value)
    return {"True": True, "False": False}.get(value, value)


def fits(sample: Sample, search: Any) -> bool:
    """Whether the resource of a sample, as that shows it, is one that is searched for."""
    return _true(sample, search) is True


def _true(sample: Sample, search: Any) -> bool | None:
    """True, false, or None where it cannot be told for want of the attribute: as in SQL."""
    if not search:
        return True
    ((operator, below),) = search.items()
    if operator == "not":
        answer = _true(sample, below)
        return None if answer is None else not answer
    if operator in ("and", "or"):
        answers = [_true(sample, part) for part in below]
        decisive = bool(operator == "or")
        if decisive in answers:
            return decisive
        return None if None in answers else not decisive
    ((attribute, wanted),) = below.items()
    return _compared(_attribute(sample, attribute), operator, wanted)


def _attribute(sample: Sample, name: str) -> Any:
    if name in ("id", "original_resource_id"):
        return sample.resource
    if name in ("project_id", "created_by_project_id"):
        return sample.project
    if name in ("user_id", "created_by_user_id"):
        return sample.user
    return _inside(sample, [name])


def _compared(value: Any, operator: str, wanted: Any) -> bool | None:
    if operator in ("!=", "ne"):  # what lacks the attribute differs, unlike in SQL
        return not _same(value, wanted)
    if value is None:
        return None
    if operator in ("=", "==", "eq"):
        return _same(value, wanted)
    if operator == "in":
        return any(_same(value, one) for one in wanted)
    if operator == "like":
        pattern = "".join({"%": ".*", "_": "."}.get(c, re.escape(c)) for c in wanted)
        return re.fullmatch(pattern, value) is not None
    return _ordered(value, operator, wanted)


def _ordered(value: Any, operator: str, wanted: Any) -> bool:
    if type(value) is not type(wanted):
        return False
    if operator in ("<", "lt"):
        return bool(value < wanted)
    if operator in ("<=", "le"):
        return bool(value <= wanted)
    if operator in (">", "gt"):
        return bool(value > wanted)
    assert operator in (">=", "ge")
    return bool(value >= wanted)
