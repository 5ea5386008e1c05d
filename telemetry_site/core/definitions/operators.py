"""The named operators of paths and their filters, on values that are there.

They do what they do in jsonpath-ng's extended language; regular expressions are compiled once.
"""

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from telemetry_site.core.definitions.matches import BadPath, Finder, Match

# What becomes of a value; None, as of None, for nothing.
Change: TypeAlias = Callable[[Any], Any]
COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda found, wanted: bool(found == wanted),
    "==": lambda found, wanted: bool(found == wanted),
    "!=": lambda found, wanted: bool(found != wanted),
    "<": lambda found, wanted: bool(found < wanted),
    "<=": lambda found, wanted: bool(found <= wanted),
    ">": lambda found, wanted: bool(found > wanted),
    ">=": lambda found, wanted: bool(found >= wanted),
}


def changed(change: Change) -> Finder:
    """What becomes of a value, at its place."""

    def find(match: Match) -> list[Match]:
        value = change(match.value)
        return [] if value is None else [Match(value, match.key, match.parent)]

    return find


def split(separator: str, segment: int, most: int) -> Change:
    """That segment of a text, cut at most so many times (-1: wherever it can be)."""

    def change(value: Any) -> Any:
        if not isinstance(value, str):
            return None
        parts = value.split(separator, most)
        return parts[segment] if -len(parts) <= segment < len(parts) else None

    return change


def substituted(expression: str, replacement: str) -> Change:
    """A text with all that the expression finds replaced."""
    found = compiled(expression)

    def change(value: Any) -> Any:
        if not isinstance(value, str):
            return None
        try:
            return found.sub(replacement, value)
        except (re.error, IndexError):
            return None

    return change


def compiled(expression: str) -> re.Pattern[str]:
    """The regular expression. Raises BadPath."""
    try:
        return re.compile(expression)
    except re.error as error:
        raise BadPath(f"the regular expression {expression} cannot be read: {error}") from error


def length(value: Any) -> Any:
    """How long a text, list or object is."""
    return len(value) if isinstance(value, str | list | dict) else None


def as_text(match: Match) -> list[Match]:
    """The value as text, null too."""
    return [Match(str(match.value), match.key, match.parent)]


def in_order(keys: list[tuple[Finder, bool]]) -> Finder:
    """A list sorted by what it holds, or by these keys of its items (true: downwards)."""

    def find(match: Match) -> list[Match]:
        value = match.value
        if not isinstance(value, list | dict):
            return []
        try:
            items = sorted(value) if not keys else list(value)
            for key, downwards in reversed(keys):
                items.sort(key=lambda item, key=key: _first(key, item), reverse=downwards)  # type: ignore[misc]
        except TypeError:
            return []
        return [Match(items, match.key, match.parent)]

    return find


def _first(key: Finder, item: Any) -> Any:
    return next((match.value for match in key(Match(item))), None)


def condition(target: Finder, operator: str | None, wanted: Any) -> Callable[[Any], bool]:
    """Whether an item of a list has, or has such, a value there."""
    if operator is None:
        return lambda item: any(True for _ in target(Match(item)))
    test = _matches(wanted) if operator == "=~" else _compares(operator, wanted)
    return lambda item: any(test(match.value) for match in target(Match(item)))


def _matches(wanted: Any) -> Callable[[Any], bool]:
    found = compiled(str(wanted))
    return lambda value: isinstance(value, str) and found.match(value) is not None


def _compares(operator: str, wanted: Any) -> Callable[[Any], bool]:
    """Numbers are compared with numbers, also with those that are text."""
    compare = COMPARED[operator]
    kind = type(wanted) if isinstance(wanted, int | float) else None

    def test(value: Any) -> bool:
        try:
            if kind is not None and not isinstance(value, int | float):
                value = kind(value)
            return compare(value, wanted)
        except (TypeError, ValueError):
            return False

    return test
