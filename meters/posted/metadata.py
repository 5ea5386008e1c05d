"""Posted metadata, checked once for each distinct text of it."""

from collections.abc import Mapping
from threading import Lock
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw

from meters.samples import encode_metadata

# More dots than this stay in the last key: readers and databases bound the depth of JSON.
DEEPEST = 32
MAX_BYTES = 16 * 1024 * 1024
LARGEST_KEPT = 64 * 1024

_decode = msgspec.json.Decoder(dict[str, str | None] | None).decode
_encode = msgspec.json.Encoder().encode


class Metadata(NamedTuple):
    """The two forms of posted metadata: flat, as it is answered, and nested, as it is stored."""

    flat: Raw
    nested: bytes


class MetadataCache(dict[bytes, Metadata]):
    """Metadata by the text it was posted as; threads share it, the oldest go first.

    `most` bounds the bytes of all texts and forms kept. A text that is no JSON object of texts
    raises ValueError, msgspec.MsgspecError or RecursionError.
    """

    def __init__(self, most: int = MAX_BYTES) -> None:
        super().__init__()
        self._most = most
        self._lock = Lock()
        self._size = 0

    @property
    def size(self) -> int:
        """Bytes kept."""
        return self._size

    def __missing__(self, text: bytes) -> Metadata:
        found = forms(_decode(text) or {})
        if len(text) <= LARGEST_KEPT:
            self._keep(text, found)
        return found

    def _keep(self, text: bytes, forms: Metadata) -> None:
        with self._lock:
            if text not in self:
                self[text] = forms
                self._size += _weight(text, forms)
            while self._size > self._most:
                oldest = next(iter(self))
                self._size -= _weight(oldest, self.pop(oldest))


def _weight(text: bytes, forms: Metadata) -> int:
    return len(text) + len(bytes(forms.flat)) + len(forms.nested)


def forms(flat: Mapping[str, str | None]) -> Metadata:
    """Both forms. Raises UnicodeEncodeError for text that is not Unicode."""
    return Metadata(Raw(_encode(flat)), encode_metadata(nest(flat)))


def nest(flat: Mapping[str, str | None]) -> dict[str, Any]:
    """Keys with dots as objects in objects.

    Where a key is both a value and the beginning of others, the others keep their dots from
    there on, so that every value stays.

    >>> nest({"a.b.c": "1", "a.d": "2"})
    {'a': {'b': {'c': '1'}, 'd': '2'}}
    >>> nest({"a.b": "1", "a": "2"})
    {'a': '2', 'a.b': '1'}
    """
    nested: dict[str, Any] = {}
    # A key comes before those that it is the beginning of.
    for key in sorted(flat):
        _put(nested, key, flat[key])
    return nested


def _put(inside: dict[str, Any], key: str, value: str | None) -> None:
    for _ in range(DEEPEST):
        first, dot, rest = key.partition(".")
        if not dot or not isinstance(inside.setdefault(first, {}), dict):
            break
        inside, key = inside[first], rest
    inside[key] = value


known_metadata = MetadataCache()
