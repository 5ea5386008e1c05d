"""What people write after a command, as the API's arguments."""

from typing import Any

import pytest

from meters.cli.naming import meter_of
from telemetry_site.core.cli.arguments import aggregate, arguments_of, caller_of, items
from telemetry_site.core.errors import BadRequest, InvalidInput
from telemetry_site.core.identity.caller import ADMIN, Caller
from telemetry_site.core.query.simple import Item


def options(**named: Any) -> dict[str, Any]:
    return {"query": [], **named}


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("resource=vm-1", Item("resource", "eq", "vm-1")),
        ("  timestamp  >=  2026-03-01 12:00 ", Item("timestamp", "ge", "2026-03-01 12:00")),
        ("timestamp<2026", Item("timestamp", "lt", "2026")),
        ("timestamp<=2026", Item("timestamp", "le", "2026")),
        ("timestamp>2026", Item("timestamp", "gt", "2026")),
        ("project!=p", Item("project", "ne", "p")),
        ("metadata.size=integer::5", Item("metadata.size", "eq", "5", "integer")),
        ("metadata.name=a::b", Item("metadata.name", "eq", "a::b")),
        ("metadata.url=http://x/?a=b", Item("metadata.url", "eq", "http://x/?a=b")),
        ("project=", Item("project", "eq", "")),
    ],
)
def test_it_reads_a_condition(text: str, item: Item) -> None:
    assert items([text]) == [item]


def test_it_reads_conditions_between_semicolons_and_in_several_options() -> None:
    found = items(["a=1;b=2", "c=3;"])
    assert [(item.field, item.value) for item in found] == [("a", "1"), ("b", "2"), ("c", "3")]


@pytest.mark.parametrize("text", ["resource", "=x", "a b"])
def test_it_refuses_what_is_no_condition(text: str) -> None:
    with pytest.raises(BadRequest, match="is no condition; write it as FIELD=VALUE"):
        items([text])


def test_it_hands_conditions_on_in_their_order() -> None:
    given = arguments_of(options(query=["metadata.a=string::1;timestamp>2026"]))
    assert given.query() == [
        Item("metadata.a", "eq", "1", "string"),
        Item("timestamp", "gt", "2026"),
    ]


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("max", ("max", None)),
        ("cardinality<-resource_id", ("cardinality", "resource_id")),
        (" cardinality <- user_id ", ("cardinality", "user_id")),
        ("", (None, None)),
    ],
)
def test_it_reads_an_aggregate(text: str, pair: tuple[str | None, str | None]) -> None:
    assert aggregate(text) == pair


def test_aggregates_need_no_order() -> None:
    given = arguments_of(options(aggregate=["max", "cardinality<-resource_id"]))
    assert given.pairs("aggregate") == [("max", None), ("cardinality", "resource_id")]


def test_a_bad_number_gets_the_words_of_the_api() -> None:
    with pytest.raises(InvalidInput, match="unable to convert to int"):
        arguments_of(options(limit="abc")).limit(100)


def test_without_options_nothing_is_asked_for() -> None:
    given = arguments_of(options(limit=None, groupby=None, aggregate=None))
    assert (given.query(), given.limit(7), given.texts("groupby")) == ([], 7, [])


def test_it_looks_as_an_admin_or_as_a_project() -> None:
    assert caller_of({"project": None}) == ADMIN
    assert caller_of({"project": "p1"}) == Caller(user=None, project="p1")
    assert not caller_of({"project": "p1"}).is_admin


def test_a_meter_is_named_in_one_of_two_ways() -> None:
    assert meter_of({"name": "cpu", "meter": None}) == "cpu"
    assert meter_of({"name": None, "meter": "cpu"}) == "cpu"
    assert meter_of({"name": None, "meter": None}) is None
    with pytest.raises(BadRequest, match="not both cpu and memory"):
        meter_of({"name": "cpu", "meter": "memory"})
