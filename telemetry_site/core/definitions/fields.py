"""A field of a definition: where in a message its values are, compiled once.

It is a whole number, a path, a list of paths (what all of them find, in their order), or an
object of `fields` and a `plugin`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from telemetry_site.core.definitions.arithmetic import Source, expression, is_arithmetic
from telemetry_site.core.definitions.matches import (
    TOP,
    BadPath,
    Match,
    Walker,
    aliased,
    first_of,
    walker,
)
from telemetry_site.core.definitions.paths import finder, keys_of, parsed, quick_finder
from telemetry_site.core.definitions.plugins import Plugin, plugin


class Field:
    """The values of a message that it is about.

    `value` gives the first of them that is not null, or None; where there is but one, and it lies
    under nothing but keys, these are `keys`.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        made: Plugin | None = None,
        keys: Sequence[tuple[str, ...]] = (),
        walkers: Sequence[Walker] = (),
    ) -> None:
        """`keys` lead to the values where all of the paths are nothing but keys; `walkers` find
        them where the way there is of no interest."""
        self._sources = sources
        self._plugin = made
        self._walked = [(walker(one), ".".join(one)) for one in keys]
        self.keys = keys[0] if len(keys) == 1 and made is None else None
        self.value = first_of(walkers) if walkers and made is None else self._first

    @property
    def gives_many(self) -> bool:
        """Whether `values` may be asked: a plugin may only make one of several."""
        return self._plugin is None or self._plugin.per_value

    def _first(self, message: Mapping[str, Any]) -> Any:
        found = list(self._there(message))
        if self._plugin is None:
            return found[0].value if found else None
        return next((v for v in self._plugin.values(found) if v is not None), None)

    def values(self, message: Mapping[str, Any]) -> list[Any]:
        """All of them, with nulls."""
        found = list(self._found(message))
        if self._plugin is None:
            return [match.value for match in found]
        return self._plugin.values(found)

    def _there(self, message: Mapping[str, Any]) -> Iterable[Match]:
        """What is found and is not null."""
        if not self._walked:
            return (match for match in self._found(message) if match.value is not None)
        found = ((find(message), path) for find, path in self._walked)
        return (Match(value, path) for value, path in found if value is not None)

    def _found(self, message: Mapping[str, Any]) -> Iterable[Match]:
        return (match for source in self._sources for match in source(message))


class Constant(Field):
    """A value that stands in the definition itself."""

    def __init__(self, constant: Any) -> None:
        super().__init__(())
        self._constant = constant
        self.value = lambda _: constant

    def values(self, message: Mapping[str, Any]) -> list[Any]:
        """See Field.values."""
        return [self._constant]


def field(given: Any) -> Field:
    """The field that a definition describes. Raises BadPath."""
    if isinstance(given, Mapping):
        if "fields" not in given:
            raise BadPath("an object needs fields: a path or a list of them")
        made = plugin(given["plugin"]) if given.get("plugin") else None
        return _of_paths(_listed(given["fields"]), made)
    if isinstance(given, int) and not isinstance(given, bool):
        return Constant(given)
    return _of_paths(_listed(given), None)


def literal_or_field(given: Any) -> Field | str:
    """The same, or the text itself where it does not lead into a message: `gauge`, `B/s`, `%`."""
    if not isinstance(given, str):
        return field(given)
    try:
        return field(given) if _leads_into_a_message(given) else given
    except BadPath:
        return given


def _leads_into_a_message(text: str) -> bool:
    if is_arithmetic(text):
        return any(part in text for part in (*(f"{key}." for key in TOP), "$"))
    keys = keys_of(parsed(text))
    if keys is None:
        return True
    (first, *_), alone = aliased(keys[0]), len(keys) == 1 and not text.startswith("$")
    return first in TOP and not (alone and keys[0] in ("payload", "ctxt", "metadata"))


def _listed(given: Any) -> list[str]:
    paths = [given] if isinstance(given, str) else given
    if not isinstance(paths, list) or not paths:
        raise BadPath("a field is a path, a list of paths, a whole number or an object")
    if not all(isinstance(path, str) and path.strip() for path in paths):
        raise BadPath("each path of a field is a text")
    return paths


def _of_paths(paths: Sequence[str], made: Plugin | None) -> Field:
    trees = [None if is_arithmetic(path) else parsed(path) for path in paths]
    keys = [
        (*aliased(first), *rest) for first, *rest in (one for one in map(keys_of, trees) if one)
    ]
    walkers = [one for one in map(quick_finder, trees) if one]
    return Field(
        [_source(path) for path in paths],
        made,
        keys if len(keys) == len(paths) else (),
        walkers if len(walkers) == len(paths) else (),
    )


def _source(text: str) -> Source:
    return expression(text, _walked) if is_arithmetic(text) else _walked(text)


def _walked(text: str) -> Source:
    find: Callable[[Match], Iterable[Match]] = finder(parsed(text), at_root=True)
    return lambda message: list(find(Match(message)))
