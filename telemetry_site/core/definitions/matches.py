"""What a path finds in a message, and the keys that lead into one."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

CONTEXT = "_context_"
# Names that older definitions use, and where the same thing stands now.
ALIASES = {"timestamp": ("metadata", "timestamp"), "message_id": ("metadata", "message_id")}
TOP = frozenset(("ctxt", "publisher_id", "event_type", "payload", "metadata", "priority"))


class BadPath(ValueError):
    """A path that cannot be read; says why."""


class Match(NamedTuple):
    """A value, the path that leads to it (`a.b[0]`), and what it is a part of."""

    value: Any
    path: str = ""
    parent: "Match | None" = None

    def below(self, key: str, value: Any) -> "Match":
        """A value under this one."""
        return Match(value, f"{self.path}.{key}" if self.path else key, self)

    def at(self, index: int, value: Any) -> "Match":
        """An item of this list."""
        return Match(value, f"{self.path}[{index}]", self)


# From what was found so far to what is found below it.
Finder: TypeAlias = Callable[[Match], Iterable[Match]]


def aliased(key: str) -> tuple[str, ...]:
    """The keys that a first key stands for.

    >>> aliased("_context_tenant"), aliased("payload")
    (('ctxt', 'tenant'), ('payload',))
    """
    if key.startswith(CONTEXT):
        return ("ctxt", key[len(CONTEXT) :])
    return ALIASES.get(key, (key,))


def walker(keys: tuple[str, ...]) -> Callable[[Mapping[str, Any]], Any]:
    """The function that finds what lies under these keys; most have two."""
    if len(keys) != 2:
        return lambda message: walk(message, keys)
    first, second = keys

    def find(message: Mapping[str, Any]) -> Any:
        found = message.get(first)
        return found.get(second) if isinstance(found, dict) else None

    return find


def walk(message: Mapping[str, Any], keys: Iterable[str]) -> Any:
    """What lies under these keys; None where nothing does."""
    found: Any = message
    for key in keys:
        if not isinstance(found, dict):
            return None
        found = found.get(key)
    return found
