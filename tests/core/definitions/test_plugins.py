"""The plugins of definitions."""

from typing import Any

import pytest

from telemetry_site.core.definitions.fields import field

FLAGS = [
    {"path": "payload.a", "bit": 0},
    {"path": "payload.b", "bit": 2, "value": "on"},
    {"path": "$.payload.c", "bit": 3},
]


def made(plugin: str, fields: Any, payload: dict[str, Any], **parameters: Any) -> Any:
    given = {"fields": fields, "plugin": {"name": plugin, "parameters": parameters}}
    return field(given).value({"payload": payload})


@pytest.mark.parametrize(
    ("parameters", "text", "found"),
    [
        ({}, "a.b.c", "a"),
        ({"segment": 1}, "a.b.c", "b"),
        ({"segment": 1, "max_split": 1}, "a.b.c", "b.c"),
        ({"segment": -1}, "a.b.c", "c"),
        ({"segment": 3}, "a.b.c", None),
        ({"separator": "-"}, "a.b-c", "a.b"),
        ({}, 12.5, "12"),
        ({}, None, None),
    ],
)
def test_split(parameters: dict[str, Any], text: Any, found: str | None) -> None:
    assert made("split", "payload.x", {"x": text}, **parameters) == found


def test_split_makes_one_of_each() -> None:
    given = {"fields": "payload.x[*]", "plugin": "split"}
    assert field(given).values({"payload": {"x": ["a.b", None, "c"]}}) == ["a", None, "c"]


@pytest.mark.parametrize(
    ("payload", "bits"),
    [
        ({}, 16),
        ({"a": 0}, 17),
        ({"a": None}, 16),
        ({"b": "on"}, 20),
        ({"b": "off"}, 16),
        ({"a": 1, "b": "on", "c": 5}, 16 + 1 + 4 + 8),
    ],
)
def test_bitfield(payload: dict[str, Any], bits: int) -> None:
    paths = ["payload.a", "payload.b", "payload.c"]
    assert made("bitfield", paths, payload, initial_bitfield=16, flags=FLAGS) == bits


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        ("2026-03-04 05:06:07", "2026-03-04T05:06:08.5", 1.5),
        ("2026-03-04T06:06:07+01:00", "2026-03-04T05:06:07Z", 0.0),
        ("2026-03-05", "2026-03-04", 86_400.0),
        ("2026-03-04", "yesterday", None),
        ("2026-03-04", 5, None),
        ("2026-03-04", None, None),
    ],
)
def test_timedelta(start: Any, end: Any, seconds: float | None) -> None:
    given = {"fields": ["payload.s", "payload.e"], "plugin": "timedelta"}
    assert field(given).value({"payload": {"s": start, "e": end}}) == seconds


@pytest.mark.parametrize(
    ("parameters", "value", "found"),
    [
        ({"values": {"on": 1, "off": 0}}, "on", 1),
        ({"values": {"on": 1, "off": 0}}, "ON", None),
        ({"values": {"on": 1}, "default": 9}, "ON", 9),
        ({"values": {"On": 1}, "case_sensitive": False}, "oN", 1),
        ({"values": {1: "one"}}, 1, "one"),
        ({"values": {"x": 1}, "default": -1}, [], -1),
    ],
)
def test_map(parameters: dict[str, Any], value: Any, found: Any) -> None:
    assert made("map", "payload.x", {"x": value}, **parameters) == found
