"""Fields of definitions, with values worked out by hand from the language's description."""

from typing import Any

import pytest

from telemetry_site.core.definitions.fields import Constant, field, literal_or_field
from telemetry_site.core.definitions.matches import BadPath

MESSAGE: dict[str, Any] = {
    "ctxt": {"tenant": "acme", "user": None, "trustor_user_id": None, "user_id": "u-9"},
    "publisher_id": "compute.host.dom",
    "event_type": "thing.made",
    "metadata": {"message_id": "m-1", "timestamp": "2026-03-04 05:06:07"},
    "priority": "info",
    "payload": {
        "a": 7,
        "zero": 0,
        "empty": "",
        "none": None,
        "text": "left",
        "host": "h1",
        "image_meta": {"org.openstack__1__os_distro": "debian"},
        "list": [{"k": "x", "v": 1}, {"k": "y", "v": 2}, {"k": "z", "v": None}],
        "one": {"k": "only", "v": 5},
        "measurements": [
            {"metric": {"name": "in", "unit": "B"}, "result": 3},
            {"metric": {"name": "out", "unit": "B"}, "result": 4},
        ],
        "numbers": [3, 1, 2],
        "sized": [10, 20, 30],
        "flag": True,
        "glance_metadata": [{"key": "image_id", "value": "img"}, {"key": "q", "value": "w"}],
    },
}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("payload.a", [7]),
        ("$.payload.a", [7]),
        ("$payload", None),
        ("payload['a']", [7]),
        ("payload.none", [None]),
        ("payload.missing", []),
        ("payload.text.deeper", []),
        ("payload.image_meta.'org.openstack__1__os_distro'", ["debian"]),
        ("payload.list[*].k", ["x", "y", "z"]),
        ("payload.list[*].v", [1, 2, None]),
        ("payload.list[0].k", ["x"]),
        ("payload.list[-1].k", ["z"]),
        ("payload.list[1:].k", ["y", "z"]),
        ("payload.list[9].k", []),
        ("payload.one[*].k", ["only"]),
        ("payload.one[0].k", ["only"]),
        ("payload.one[1].k", []),
        ("payload.one.*", ["only", 5]),
        ("payload.measurements[*].metric.[*].name", ["in", "out"]),
        ("payload.list..k", ["x", "y", "z"]),
        ("payload.list[?(@.k='y')].v", [2]),
        ("payload.list[?v>1].k", ["y"]),
        ("payload.list[?(@.v>=1 & @.v<2)].k", ["x"]),
        ("payload.glance_metadata[?key=image_id].value", ["img"]),
        ("payload.glance_metadata[?key!=image_id].value", ["w"]),
        ("payload.list[?(@.k =~ '[xy]')].v", [1, 2]),
        ("(payload.a)|(payload.text)", [7, "left"]),
        ("payload.(missing|a)", [7]),
        ("payload.list.`len`", [3]),
        ("payload.text.`len`", [4]),
        ("payload.a.`len`", []),
        ("payload.numbers.`sorted`", [[1, 2, 3]]),
        ("payload.list[/k].`len`", [3]),
        ("publisher_id.`split(., 1, 1)`", ["host.dom"]),
        ("publisher_id.`split(., 0, -1)`", ["compute"]),
        ("payload.host.`split(., 1, 1)`", []),
        ("payload.text.`sub(/e(f)/, 3\\\\1)`", ["l3ft"]),
        ("_context_tenant", ["acme"]),
        ("$._context_tenant", ["acme"]),
        ("ctxt.tenant", ["acme"]),
        ("timestamp", ["2026-03-04 05:06:07"]),
        ("message_id", ["m-1"]),
        ("payload.timestamp", []),
        ("(_context_trustor_user_id)|(_context_user_id)", [None, "u-9"]),
    ],
)
def test_what_paths_find(path: str, values: list[Any] | None) -> None:
    if values is None:
        with pytest.raises(BadPath):
            field(path)
        return
    assert field(path).values(MESSAGE) == values
    assert field(path).value(MESSAGE) == next((v for v in values if v is not None), None)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("payload.a + 1", [8]),
        ("payload.a - 1", [6]),
        ("payload.a * 100", [700]),
        ("payload.a / 2", [3.5]),
        ("$.payload.a+$.payload.a", [14]),
        ("payload.a - 3 - 2", [2]),
        ("payload.a - (3 - 2)", [6]),
        ("1 + payload.a * 2", [15]),
        ("(1 + payload.a) * 2", [16]),
        ("12 / payload.a / 2", [12 / 7 / 2]),
        ("payload.a / 0", []),
        ("payload.a / payload.zero", []),
        ("'pre-' + payload.text", ["pre-left"]),
        ('payload.host + "_" + payload.text', ["h1_left"]),
        ("payload.text + 1", []),
        ("payload.text * 3", []),
        ("payload.text + payload.a", []),
        ("payload.flag + 1", []),
        ("payload.none + 1", []),
        ("payload.missing + 1", []),
        ("1 + payload.missing", []),
        ("payload.numbers[*] * 2", [6, 2, 4]),
        ("payload.numbers[*] + payload.sized[*]", [13, 21, 32]),
        ("payload.numbers[*] + payload.list[*].v", []),
        ("payload.numbers[*] + payload.a", []),
        ("payload.list[?(@.k='y')].v * 100", [200]),
        ("payload.a * 1.5", [10.5]),
        ("payload.text.`sub(/.*/, )` + 'x.' + payload.host", ["x.h1"]),
    ],
)
def test_arithmetic(text: str, values: list[Any]) -> None:
    assert field(text).values(MESSAGE) == values


def test_numbers_too_large_are_no_match() -> None:
    assert field("payload.a * payload.a").values({"payload": {"a": 1e200}}) == []
    assert field("payload.a + payload.a").values({"payload": {"a": "x" * 60_000}}) == []


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (1, 1),
        (["payload.none", "payload.a"], 7),
        (["payload.zero", "payload.a"], 0),
        (["payload.missing", "payload.empty"], ""),
        ({"fields": "payload.a"}, 7),
        ({"fields": "publisher_id", "plugin": "split"}, "compute"),
        (
            {"fields": "publisher_id", "plugin": {"name": "split", "parameters": {"segment": 2}}},
            "dom",
        ),
        ({"fields": "payload.missing", "plugin": "split"}, None),
        (
            {
                "fields": "payload.text",
                "plugin": {"name": "map", "parameters": {"values": {"left": "right"}}},
            },
            "right",
        ),
    ],
)
def test_the_first_that_is_not_null_counts(given: Any, value: Any) -> None:
    assert field(given).value(MESSAGE) == value


@pytest.mark.parametrize(
    "given",
    [
        "payload.a b",
        "payload.7up",
        "payload..",
        "payload.a +",
        "payload.`nothing`",
        "payload.`path`",
        "payload.list[?(@.k =~ '(')]",
        "payload.text.`sub(/(/, x)`",
        [],
        [1],
        "",
        None,
        True,
        1.5,
        {},
        {"plugin": "split"},
        {"fields": "payload.a", "plugin": "nothing"},
        {"fields": "payload.a", "plugin": {"parameters": {}}},
        {"fields": "payload.a", "plugin": {"name": "map"}},
        {"fields": "payload.a", "plugin": {"name": "split", "parameters": {"strange": 1}}},
        {"fields": "payload.a", "plugin": {"name": "split", "parameters": {"segment": "x"}}},
        {"fields": "payload.a", "plugin": {"name": "bitfield", "parameters": {"flags": [{}]}}},
    ],
)
def test_what_cannot_be_read_is_refused(given: Any) -> None:
    with pytest.raises(BadPath):
        field(given)


@pytest.mark.parametrize(
    "text",
    ["gauge", "GiB", "%", "B/s", "count/s", "a-b", "two words", "image.size", "payload", "ctxt"],
)
def test_literals_stay_what_they_are(text: str) -> None:
    assert literal_or_field(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("payload.host", "h1"),
        ("$.payload.host", "h1"),
        ("event_type", "thing.made"),
        ("'x.' + payload.host", "x.h1"),
        ("_context_tenant", "acme"),
        ("payload.list[*].k", "x"),
    ],
)
def test_what_leads_into_a_message_is_a_field(text: str, value: str) -> None:
    found = literal_or_field(text)
    assert not isinstance(found, str)
    assert found.value(MESSAGE) == value


def test_a_number_is_a_constant() -> None:
    found = field(3)
    assert isinstance(found, Constant)
    assert (found.value({}), found.values({})) == (3, [3])
