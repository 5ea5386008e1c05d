"""The plugins of definitions: each makes values of what the paths of a field found.

Their names, parameters and defaults are the original's.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from telemetry_site.core.clock import utc
from telemetry_site.core.definitions.matches import BadPath, Match

MOST_BITS = 63


class Plugin(Protocol):
    """Made of its parameters; raises BadPath for those it cannot take.

    `per_value` says that it makes one value of each match, and so may stand where many values
    are wanted.
    """

    per_value: bool

    def values(self, matches: Sequence[Match]) -> list[Any]:
        """What it makes of the matches, of which none is null unless it is `per_value`."""


class Split:
    """One segment of each text: `separator` ".", `segment` 0, `max_split` (as often as it can)."""

    per_value = True

    def __init__(self, separator: str = ".", segment: int = 0, max_split: int | None = None):
        if not separator:
            raise BadPath("split needs a separator")
        self._separator = separator
        self._segment = int(segment)
        self._most = -1 if max_split is None else int(max_split)

    def values(self, matches: Sequence[Match]) -> list[Any]:
        """A segment or nothing of each."""
        return [self._cut(match.value) for match in matches]

    def _cut(self, value: Any) -> str | None:
        if value is None:
            return None
        parts = str(value).split(self._separator, self._most)
        inside = -len(parts) <= self._segment < len(parts)
        return parts[self._segment] if inside else None


class Bitfield:
    """`initial_bitfield` with a bit set for each of the `flags` (path, bit, value) that holds."""

    per_value = False

    def __init__(self, initial_bitfield: int = 0, flags: Sequence[Mapping[str, Any]] | None = None):
        self._initial = int(initial_bitfield)
        try:
            self._flags = [(_bare(flag["path"]), int(flag["bit"]), flag) for flag in flags or ()]
        except (KeyError, TypeError, ValueError) as error:
            raise BadPath("each flag of a bitfield needs a path and a bit") from error
        if any(not 0 <= bit <= MOST_BITS for _, bit, _ in self._flags):
            raise BadPath(f"a bit lies between 0 and {MOST_BITS}")

    def values(self, matches: Sequence[Match]) -> list[Any]:
        """Always one number."""
        found = {_bare(match.path): match.value for match in matches}
        bits = self._initial
        for path, bit, flag in self._flags:
            if path in found and ("value" not in flag or found[path] == flag["value"]):
                bits |= 1 << bit
        return [bits]


class Timedelta:
    """The seconds between two times, however they lie."""

    per_value = False

    def values(self, matches: Sequence[Match]) -> list[Any]:
        """One number; nothing unless there are exactly two, and both are times."""
        if len(matches) != 2:
            return [None]
        try:
            start, end = (utc(match.value) for match in matches)
        except (TypeError, ValueError, OverflowError):
            return [None]
        return [abs((end - start).total_seconds())]


class Map:
    """What the table of `values` says of each value, else the `default`."""

    per_value = False

    def __init__(
        self,
        values: Mapping[Any, Any] | None = None,
        default: Any = None,
        case_sensitive: bool = True,
    ):
        if not isinstance(values, Mapping) or not values:
            raise BadPath("map needs values: a table of what becomes what")
        self._fold = not case_sensitive
        self._table = {self._key(key): value for key, value in values.items()}
        self._default = default

    def values(self, matches: Sequence[Match]) -> list[Any]:
        """One of each."""
        return [self._said(match.value) for match in matches]

    def _said(self, value: Any) -> Any:
        key = self._key(value)
        hashable = not isinstance(key, dict | list)
        return self._table.get(key, self._default) if hashable else self._default

    def _key(self, key: Any) -> Any:
        return key.casefold() if self._fold and isinstance(key, str) else key


PLUGINS: dict[str, type[Plugin]] = {
    "split": Split,
    "bitfield": Bitfield,
    "timedelta": Timedelta,
    "map": Map,
}


def plugin(given: Any) -> Plugin:
    """The plugin that a definition names, alone or with parameters. Raises BadPath."""
    if isinstance(given, str):
        given = {"name": given}
    if not isinstance(given, Mapping) or not isinstance(given.get("name"), str):
        raise BadPath("a plugin needs a name")
    name, parameters = given["name"], given.get("parameters") or {}
    if name not in PLUGINS:
        raise BadPath(f"there is no plugin {name}; there are {', '.join(PLUGINS)}")
    if not isinstance(parameters, Mapping):
        raise BadPath(f"the parameters of {name} are no table")
    try:
        return PLUGINS[name](**parameters)
    except (TypeError, ValueError) as error:
        raise BadPath(f"{name} cannot take these parameters: {error}") from error


def _bare(path: str) -> str:
    return path.removeprefix("$.")
