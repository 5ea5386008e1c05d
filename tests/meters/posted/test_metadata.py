"""Posted metadata: nesting, checking, and the bounds of the cache."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meters.posted.metadata import DEEPEST, MetadataCache, nest


@pytest.mark.parametrize(
    ("flat", "nested"),
    [
        ({}, {}),
        ({"name": "x"}, {"name": "x"}),
        ({"nest.name1": "1", "nest.name2": "2"}, {"nest": {"name1": "1", "name2": "2"}}),
        ({"a.b.c": "1"}, {"a": {"b": {"c": "1"}}}),
        ({"a": "1", "a.b": "2"}, {"a": "1", "a.b": "2"}),
        ({"a.b.c": "2", "a.b": "1"}, {"a": {"b": "1", "b.c": "2"}}),
        ({"a": None, "a.b": "2"}, {"a": None, "a.b": "2"}),
        ({".": "1", "": "2", "b.": "3"}, {"": "2", ".": "1", "b": {"": "3"}}),
    ],
)
def test_it_nests_keys_with_dots(flat: dict[str, str | None], nested: dict[str, Any]) -> None:
    assert nest(flat) == nested


def leaves(inside: dict[str, Any], before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in inside.items():
        path = before + key
        found |= leaves(value, f"{path}.") if isinstance(value, dict) else {path: value}
    return found


@given(st.dictionaries(st.text("ab.", max_size=6), st.text("xy", max_size=2), max_size=12))
def test_it_never_loses_a_value(flat: dict[str, str | None]) -> None:
    assert leaves(nest(flat)) == flat


def test_it_nests_only_so_deep() -> None:
    inside: Any = nest({".".join(["a"] * 5000): "1"})
    for _ in range(DEEPEST):
        inside = inside["a"]
    assert list(inside.values()) == ["1"]


@pytest.mark.parametrize(
    "text",
    [b'{"a": 1}', b'{"a": true}', b'{"a": {}}', b'{"a": ["x"]}', b"[]", b'"a"', b"1", b"{", b""],
)
def test_it_takes_nothing_but_texts(text: bytes) -> None:
    with pytest.raises((ValueError, msgspec.MsgspecError)):
        MetadataCache()[text]


def test_it_gives_equal_bytes_for_equal_metadata() -> None:
    cache = MetadataCache()
    one, other = cache[b'{"b": "1", "a.c": "2"}'], cache[b'{"a.c":"2","b":"1"}']
    assert one.nested == other.nested == b'{"a":{"c":"2"},"b":"1"}'
    assert bytes(one.flat) == b'{"b":"1","a.c":"2"}'


def test_it_stays_within_its_bytes_whatever_threads_do() -> None:
    cache = MetadataCache(most=10_000)
    texts = [json.dumps({"name": f"vm-{number}"}).encode() for number in range(2_000)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(cache.__getitem__, texts * 2))
    assert [json.loads(one.nested) for one in found] == [json.loads(text) for text in texts * 2]
    assert 9_000 < cache.size <= 10_000


def test_it_does_not_keep_what_is_large() -> None:
    cache = MetadataCache()
    assert cache[json.dumps({"a": "x" * 100_000}).encode()].nested
    assert cache.size == 0
