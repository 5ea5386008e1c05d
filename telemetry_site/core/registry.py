"""A table of names and of what stands behind each, imported when it is first asked for."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Generic, TypeVar, cast

from telemetry_site.core.errors import UnknownName

T = TypeVar("T")


class Registry(Generic[T]):
    """Names of one kind of thing; `entries` holds `module:object` for each."""

    def __init__(self, kind: str, entries: Mapping[str, str]) -> None:
        self._kind = kind
        self._entries = dict(entries)

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def get(self, name: str) -> T:
        """What stands behind the name. Raises UnknownName."""
        if name not in self._entries:
            known = ", ".join(sorted(self._entries))
            raise UnknownName(f"there is no {self._kind} {name!r}; there are: {known}")
        module, _, attribute = self._entries[name].partition(":")
        return cast(T, getattr(import_module(module), attribute))
