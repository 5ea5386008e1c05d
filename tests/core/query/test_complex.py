"""Complex queries: their trees and orders, and what is said of those that have none."""

from datetime import UTC, datetime
from typing import Any

import pytest

from meters.api.fields import COMPLEX
from telemetry_site.core.errors import BadRequest, NotSupported
from telemetry_site.core.query.complex import read_filter, read_order
from telemetry_site.core.query.tree import And, Compare, Node, Not, Or

METER = Compare("meter", "=", "cpu")
NOON = datetime(2013, 8, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ('{"=": {"counter_name": "cpu"}}', METER),
        ('{"=": {"meter": "cpu"}}', METER),
        ('{"=<": {"volume": 5}}', Compare("volume", "<=", 5)),
        ('{"=>": {"counter_volume": 0.5}}', Compare("volume", ">=", 0.5)),
        ('{"=~": {"user": "a.*"}}', Compare("user", "=~", "a.*")),
        ('{"IN": {"project_id": ["a", 1]}}', Compare("project", "in", ("a", 1))),
        ('{"!=": {"metadata.a.b": true}}', Compare("metadata", "!=", True, ("a", "b"))),
        ('{">": {"timestamp": "2013-08-01T12:00:00+05:00"}}', Compare("timestamp", ">", NOON)),
        ('{"<": {"recorded_at": "2013-08-01 12:00"}}', Compare("recorded_at", "<", NOON)),
        (
            '{"And": [{"=": {"meter": "cpu"}}, {"OR": [{"not": {"=": {"meter": "cpu"}}}, '
            '{"=": {"meter": "cpu"}}]}]}',
            And((METER, Or((Not(METER), METER)))),
        ),
    ],
)
def test_it_reads_a_filter(text: str, node: Node) -> None:
    assert read_filter(text, COMPLEX) == node


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"=": {"unknown": "x"}}', "{'=': {'unknown': 'x'}}"),
        ('{"=": {"id": "x"}}', "{'=': {'id': 'x'}}"),
        ('{"=": {"resource_metadata.a": "x"}}', "{'=': {'resource_metadata.a': 'x'}}"),
        ('{"=": {"Meter": "x"}}', "{'=': {'Meter': 'x'}}"),
        ('{"=": {"metadata.a b": "x"}}', "{'=': {'metadata.a b': 'x'}}"),
        ('{"=": {"meter": null}}', "{'=': {'meter': None}}"),
        ('{"=": {"meter": ["x"]}}', "{'=': {'meter': ['x']}}"),
        ('{"=": {}}', "{'=': {}}"),
        ('{"=": {"meter": "x", "user": "y"}}', "{'=': {'meter': 'x', 'user': 'y'}}"),
        ('{"like": {"meter": "x"}}', "{'like': {'meter': 'x'}}"),
        ('{"in": {"meter": []}}', "{'in': {'meter': []}}"),
        ('{"in": {"meter": "x"}}', "{'in': {'meter': 'x'}}"),
        ('{"in": {"meter": [true]}}', "{'in': {'meter': [True]}}"),
        ('{"and": [{"=": {"meter": "x"}}]}', "{'and': [{'=': {'meter': 'x'}}]}"),
        ('{"and": {"=": {"meter": "x"}}}', "{'and': {'=': {'meter': 'x'}}}"),
        ('{"not": []}', "{'not': []}"),
        ("{}", "{}"),
        ("[]", "[]"),
        ('"x"', "'x'"),
        ("null", "None"),
    ],
)
def test_it_words_a_filter_of_the_wrong_shape(text: str, shown: str) -> None:
    expected = f"Filter expression not valid: {shown} is not valid under any of the given schemas"
    assert refusal(lambda: read_filter(text, COMPLEX)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("junk", "Filter expression not valid: Expecting value: line 1 column 1 (char 0)"),
        ("", "Filter expression not valid: Expecting value: line 1 column 1 (char 0)"),
        ('{"=": {"volume": NaN}}', "Filter expression not valid: NaN is no number"),
        ('{"=": {"timestamp": "junk"}}', "Failed to parse the timestamp value junk"),
        ('{"=": {"timestamp": 5}}', "Failed to parse the timestamp value 5"),
        (
            '{"in": {"timestamp": ["2013-08-01"]}}',
            "Failed to parse the timestamp value ['2013-08-01']",
        ),
    ],
)
def test_it_words_a_filter_that_cannot_be_read(text: str, expected: str) -> None:
    assert refusal(lambda: read_filter(text, COMPLEX)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"in": {"metadata.a": ["x"]}}', "Metadata query with in operator is not implemented"),
        ('{"=": {"message_signature": "x"}}', "Query on message_signature is not supported"),
        ('{"=": {"resource_metadata": "x"}}', "Query on resource_metadata is not supported"),
    ],
)
def test_it_says_what_is_not_offered(text: str, expected: str) -> None:
    with pytest.raises(NotSupported) as raised:
        read_filter(text, COMPLEX)
    assert str(raised.value) == expected


def test_it_reads_an_order() -> None:
    text = '[{"timestamp": "DESC"}, {"project": "asc"}, {"counter_volume": "Asc"}]'
    expected = [("timestamp", True), ("project", False), ("volume", False)]
    assert read_order(text, COMPLEX) == expected
    assert read_order("[]", COMPLEX) == []


REGEXES = (
    "^source$|^counter_name$|^counter_type$|^counter_unit$|^counter_volume$|^user_id$|"
    "^project_id$|^resource_id$|^timestamp$|^resource_metadata$|^message_id$|"
    "^message_signature$|^recorded_at$|^user$|^project$|^resource$|^meter$|^type$|^unit$|^volume$"
)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[] x", "Extra data: line 1 column 4 (char 3)"),
        ("", "Expecting value: line 1 column 1 (char 0)"),
        ('[{"user": ""}]', "'' does not match '(?i)^asc$|^desc$'"),
        ('[{"user": 5}]', "5 is not of type 'string'"),
        ('[{"x": "asc"}]', f"'x' does not match any of the regexes: '{REGEXES}'"),
        ('[{"metadata.a": "asc"}]', f"'metadata.a' does not match any of the regexes: '{REGEXES}'"),
        ('{"user": "asc"}', "{'user': 'asc'} is not of type 'array'"),
        ('["user"]', "'user' is not of type 'object'"),
        ("[{}]", "{} does not have enough properties"),
        (
            '[{"user": "asc", "type": "asc"}]',
            "{'user': 'asc', 'type': 'asc'} has too many properties",
        ),
    ],
)
def test_it_words_an_order_that_cannot_be_read(text: str, why: str) -> None:
    expected = f"Order-by expression not valid: {why}"
    assert refusal(lambda: read_order(text, COMPLEX)) == expected


def refusal(ask: Any) -> str:
    """The text of the BadRequest that the call ends with."""
    with pytest.raises(BadRequest) as raised:
        ask()
    return str(raised.value)
