"""Posted metadata, checked once for each distinct text of it."""

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw

from meters.samples import encode_metadata

# More dots than this stay in the last key: readers and databases bound the depth of JSON.
DEEPEST = 32
# So deep may be what is not made of dots.
DEEPEST_STORED = 100
MAX_BYTES = 16 * 1024 * 1024
LARGEST_KEPT = 64 * 1024

_decode = msgspec.json.Decoder(dict[str, str | None] | None).decode
_decode_any = msgspec.json.Decoder(dict[str, Any] | None).decode
_encode = msgspec.json.Encoder().encode


NO_FORM = Raw(b"")


class Metadata(NamedTuple):
    """The two forms of metadata: flat, as a post is answered, and nested, as it is stored."""

    flat: Raw
    nested: bytes


class MetadataCache(dict[bytes, Metadata]):
    """Metadata by the text it was posted as; threads share it, the oldest go first.

    `most` bounds the bytes of all texts and forms kept. A text that `read` does not take raises
    ValueError, msgspec.MsgspecError or RecursionError.
    """

    def __init__(
        self, most: int = MAX_BYTES, read: Callable[[bytes], Metadata] | None = None
    ) -> None:
        super().__init__()
        self._most = most
        self._read = read or read_posted
        self._lock = Lock()
        self._size = 0

    @property
    def size(self) -> int:
        """Bytes kept."""
        return self._size

    def __missing__(self, text: bytes) -> Metadata:
        found = self._read(text)
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


def read_posted(text: bytes) -> Metadata:
    """A JSON object of texts and nulls, its keys nested by their dots."""
    return forms(_decode(text) or {})


def read_stored(text: bytes) -> Metadata:
    """Any JSON object, as it is. Raises ValueError for NUL and for what is nested too deeply."""
    found = _decode_any(text) or {}
    _check(found, DEEPEST_STORED)
    return Metadata(NO_FORM, encode_metadata(found))


def _check(value: Any, room: int) -> None:
    if isinstance(value, str) and "\0" in value:
        raise ValueError("Text must not contain NUL")
    if isinstance(value, dict | list):
        if not room:
            raise ValueError(f"It must not be nested more than {DEEPEST_STORED} levels deep")
        for inner in (*value, *value.values()) if isinstance(value, dict) else value:
            _check(inner, room - 1)


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
stored_metadata = MetadataCache(read=read_stored)
