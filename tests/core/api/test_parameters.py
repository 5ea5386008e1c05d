"""Arguments of a GET, from the query string and from a JSON body."""

from typing import Any

import pytest

from telemetry_site.core.api.parameters import Arguments
from telemetry_site.core.errors import BadRequest
from telemetry_site.core.query.simple import Item
from tests.callers import Api, fault

INT = "Invalid input for field/attribute {}. Value: '{}'. unable to convert to int"
ARRAY = "Invalid input for field/attribute {}. Value: '{}'. unable to convert to ArrayType"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("meters?x=1", 'Unknown argument: "x"'),
        ("meters?q.foo=1", 'Unknown argument: "q.foo"'),
        ("meters/cpu?unique=1", 'Unknown argument: "unique"'),
        ("meters/cpu/statistics?limit=1", 'Unknown argument: "limit"'),
        ("meters/cpu?aggregate.func=max", 'Unknown argument: "aggregate.func"'),
        ("meters/cpu/statistics?aggregate.foo=1", 'Unknown argument: "aggregate.foo"'),
        ("samples/x?limit=1", 'Unknown argument: "limit"'),
        ("resources/x?limit=1", 'Unknown argument: "limit"'),
        ("samples/x?q.field=user", 'Unknown argument: "q.field"'),
        ("capabilities?x=1", 'Unknown argument: "x"'),
        ("meters?limit=abc", INT.format("limit", "abc")),
        ("meters?limit=", INT.format("limit", "")),
        ("samples?limit=1&limit=1", INT.format("limit", "['1', '1']")),
        ("resources?meter_links=yes%20please", INT.format("meter_links", "yes please")),
        ("meters/cpu/statistics?period=1.5", INT.format("period", "1.5")),
        ("meters?q=abc", ARRAY.format("q", "abc")),
        ("meters/cpu/statistics?aggregate=max", ARRAY.format("aggregate", "max")),
        ("meters?limit=0", "Limit must be positive"),
        ("samples?limit=-1", "Limit must be positive"),
        (
            "samples?q.value=x",
            "Invalid input for field/attribute field. Value: 'None'. Mandatory field missing.",
        ),
    ],
)
def test_it_words_arguments_that_cannot_be_read(api: Api, path: str, text: str) -> None:
    assert api.fault(f"/v2/{path}") == (400, "Client", text)


def test_it_puts_the_parts_of_q_together_by_position() -> None:
    given = Arguments(
        {
            "q.field": ["a", "b", "c"],
            "q.op": ["", "eq"],
            "q.value": ["1", "2", "3"],
            "q.type": ["", "string", "integer"],
        },
        ["q"],
    )
    assert given.query() == [
        Item("a", "", "1", ""),
        Item("b", "eq", "2", "string"),
        Item("c", "", "3", "integer"),
    ]


def test_it_puts_aggregates_together_by_position() -> None:
    given = Arguments(
        {"aggregate.func": ["max", "cardinality"], "aggregate.param": ["resource_id"]},
        ["aggregate"],
    )
    assert given.pairs("aggregate") == [("max", "resource_id"), ("cardinality", None)]


@pytest.mark.parametrize(
    ("values", "expected"), [([], False), (["True"], True), (["no"], False), (["1", "1"], False)]
)
def test_it_reads_a_flag(values: list[str], expected: bool) -> None:
    assert Arguments({"unique": values}, ["unique"]).flag("unique") is expected


def test_it_bounds_a_limit_to_what_a_database_can_count() -> None:
    given = Arguments({"limit": ["9" * 40]}, ["limit"])
    assert given.limit(100) == 2**53
    assert Arguments({}, ["limit"]).limit(100) == 100


def test_it_bounds_the_number_of_items() -> None:
    with pytest.raises(BadRequest, match="more than 1000 items in q"):
        Arguments({"q.field": ["user"] * 1001}, ["q"]).query()


@pytest.mark.django_db
def test_it_takes_a_json_body_in_place_of_the_query_string(api: Api) -> None:
    body = {"q": [{"field": "user", "op": "eq", "value": "nobody"}], "limit": 1}
    response = api.send("GET", "/v2/samples", body)
    assert (response.status_code, response.content) == (200, b"[]")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"x": 1}, 'Unknown argument: "x"'),
        ({"limit": "abc"}, INT.format("limit", "abc")),
        ({"limit": 0}, "Limit must be positive"),
        ({"limit": [1, 2]}, INT.format("limit", "['1', '2']")),
        ({"q": "abc"}, ARRAY.format("q", "abc")),
        ({"q": [{"field": "x", "foo": "1"}]}, 'Unknown argument: "q.foo"'),
        (
            {"q": [{"field": "user", "value": 5}]},
            "Invalid input for field/attribute value. Value: '5'. "
            "Wrong type. Expected '<class 'str'>', got '<class 'int'>'",
        ),
        (b"junk", "Request is not in valid JSON format"),
        (b"\xff", "Request is not in valid JSON format"),
        ([], "Invalid input for field/attribute body. Value: '[]'. Value not a valid dict"),
    ],
)
def test_it_words_a_json_body_that_cannot_be_read(api: Api, body: Any, text: str) -> None:
    assert fault(api.send("GET", "/v2/samples", body)) == (400, "Client", text)
