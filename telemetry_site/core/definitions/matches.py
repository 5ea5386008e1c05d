"""What a path finds in a message, and the keys that lead into one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

CONTEXT = "_context_"
# Names that older definitions use, and where the same thing stands now.
ALIASES = {"timestamp": ("metadata", "timestamp"), "message_id": ("metadata", "message_id")}
TOP = frozenset(("ctxt", "publisher_id", "event_type", "payload", "metadata", "priority"))


class BadPath(ValueError):
    """A path that cannot be read; says why."""


class Match(NamedTuple):
    """A value, its key or its place in what it is a part of, and that; without it the message."""

    value: Any
    key: str | int = ""
    parent: "Match | None" = None

    @property
    def path(self) -> str:
        """The way that leads to it: `a.b[0]`."""
        above = self.parent.path if self.parent else ""
        if isinstance(self.key, int):
            return f"{above}[{self.key}]"
        return f"{above}.{self.key}" if above else self.key


# From what was found so far to what is found below it.
Finder: TypeAlias = Callable[[Match], Iterable[Match]]
# From a message to the one value that is looked for in it, or None.
Walker: TypeAlias = Callable[[Mapping[str, Any]], Any]


def aliased(key: str) -> tuple[str, ...]:
    """The keys that a first key stands for.

    >>> aliased("_context_tenant"), aliased("payload")
    (('ctxt', 'tenant'), ('payload',))
    """
    if key.startswith(CONTEXT):
        return ("ctxt", key[len(CONTEXT) :])
    return ALIASES.get(key, (key,))


def walker(keys: tuple[str, ...]) -> Walker:
    """The function that finds what lies under these keys; most have two."""
    if len(keys) != 2:
        return lambda message: walk(message, keys)
    first, second = keys

    def find(message: Mapping[str, Any]) -> Any:
        found = message.get(first)
        return found.get(second) if isinstance(found, dict) else None

    return find


def first_of(walkers: Sequence[Walker]) -> Walker:
    """The function that finds the first that is not null of what these find."""
    if len(walkers) == 1:
        return walkers[0]

    def find(message: Mapping[str, Any]) -> Any:
        for walk in walkers:
            if (value := walk(message)) is not None:
                return value
        return None

    return find


def walk(message: Mapping[str, Any], keys: Iterable[str]) -> Any:
    """What lies under these keys; None where nothing does."""
    found: Any = message
    for key in keys:
        if not isinstance(found, dict):
            return None
        found = found.get(key)
    return found
