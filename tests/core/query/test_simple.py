"""Simple queries: what they mean, and what is said of those that mean nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from meters.api.fields import METERS, RESOURCES, SAMPLES
from telemetry_site.core.clock import BEGINNING_OF_TIME, END_OF_TIME
from telemetry_site.core.errors import NotSupported, TelemetryError
from telemetry_site.core.query.simple import Fields, Item, read
from telemetry_site.core.query.tree import And, Bound, Compare

NOON = "2013-08-01T12:00:00"
SAMPLE_KEYS = (
    "['message_id', 'meter', 'project', 'resource', 'search_offset', 'source', 'timestamp', 'user']"
)


def moment(hour: int, minute: int = 0) -> datetime:
    return datetime(2013, 8, 1, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("item", "leaf"),
    [
        (Item("user", "", "u"), Compare("user", "=", "u")),
        (Item("user_id", "eq", "u"), Compare("user", "=", "u")),
        (Item("project_id", "eq", "None"), Compare("project", "=", None)),
        (Item("resource_id", "eq", "None"), Compare("resource", "=", "None")),
        (Item("source", "eq", "s"), Compare("source", "=", "s")),
        (Item("source"), Compare("source", "=", "")),
        (Item("metadata.a.b", "eq", "5"), Compare("metadata", "=", 5, ("a", "b"))),
        (Item("resource_metadata.a", "", "x", ""), Compare("metadata", "=", "x", ("a",))),
        (Item("metadata.a", "", "5", "string"), Compare("metadata", "=", "5", ("a",))),
    ],
)
def test_it_reads_an_item(item: Item, leaf: Compare) -> None:
    assert read([item], SAMPLES).where == And((leaf,))


def test_it_takes_the_last_of_two_items_about_one_field() -> None:
    items = [Item("user", "", "a"), Item("source", "", "s"), Item("user_id", "", "b")]
    expected = And((Compare("user", "=", "b"), Compare("source", "=", "s")))
    assert read(items, SAMPLES).where == expected


def test_it_ignores_unique_among_the_fields_of_meters() -> None:
    assert read([Item("unique", "", "x")], METERS).where == And(())


@pytest.mark.parametrize(
    ("op", "start", "end"),
    [
        ("gt", Bound(moment(12), inclusive=False), None),
        ("ge", Bound(moment(12), inclusive=True), None),
        ("lt", None, Bound(moment(12), inclusive=False)),
        ("le", None, Bound(moment(12), inclusive=True)),
    ],
)
def test_it_reads_bounds_of_time(op: str, start: Bound | None, end: Bound | None) -> None:
    found = read([Item("timestamp", op, NOON)], SAMPLES)
    assert (found.start, found.end) == (start, end)


def test_it_throws_an_offset_of_a_time_away() -> None:
    found = read([Item("timestamp", "ge", "2013-08-01T12:11:00+02:00")], RESOURCES)
    assert found.start == Bound(moment(12, 11), inclusive=True)


def test_it_takes_the_last_of_several_bounds_and_ignores_a_later_operator() -> None:
    items = [Item("timestamp", "ge", NOON), Item("timestamp", "gt", "2013-08-01 13:00")]
    found = read([*items, Item("timestamp", "zz", "junk")], SAMPLES)
    assert (found.start, found.end) == (Bound(moment(13), inclusive=False), None)


def test_it_widens_both_bounds_by_the_search_offset() -> None:
    items = [Item("timestamp", "ge", NOON), Item("timestamp", "lt", "2013-08-01T13:00:00")]
    found = read([*items, Item("search_offset", "eq", "20")], SAMPLES)
    assert found.offset == timedelta(minutes=20)
    assert found.widened_start == Bound(moment(11, 40), inclusive=True)
    assert found.widened_end == Bound(moment(13, 20), inclusive=False)
    assert found.start == Bound(moment(12), inclusive=True)


def test_it_cuts_bounds_to_the_ends_of_time() -> None:
    items = [Item("timestamp", "ge", NOON), Item("timestamp", "lt", NOON)]
    found = read([*items, Item("search_offset", "", "9" * 30)], SAMPLES)
    assert found.widened_start == Bound(BEGINNING_OF_TIME, inclusive=True)
    assert found.widened_end == Bound(END_OF_TIME, inclusive=False)


UNKNOWN = 'Unknown argument: "{}": unrecognized field in query: [{}], valid keys: {}'
OPERATOR = "Invalid input for field/attribute op. Value: '{}'. unimplemented operator for {}"
TEXTS: list[tuple[Fields, list[Item], str]] = [
    (SAMPLES, [Item("project_id", "lt", "x")], OPERATOR.format("lt", "project_id")),
    (SAMPLES, [Item("project_id", "zz", "x")], OPERATOR.format("zz", "project_id")),
    (SAMPLES, [Item("metadata.a", "gt", "x")], OPERATOR.format("gt", "metadata.a")),
    (SAMPLES, [Item("timestamp", "eq", NOON)], OPERATOR.format("eq", "timestamp")),
    (SAMPLES, [Item("timestamp", "", NOON)], OPERATOR.format("eq", "timestamp")),
    (SAMPLES, [Item("timestamp", "ne", NOON)], OPERATOR.format("ne", "timestamp")),
    (
        SAMPLES,
        [Item("timestamp", "gt", "junk")],
        "Invalid input for field/attribute timestamp. Value: 'junk'. invalid timestamp format",
    ),
    (
        SAMPLES,
        [Item("search_offset", "eq", "20")],
        "Invalid input for field/attribute field. Value: 'search_offset'. "
        "search_offset cannot be used without timestamp",
    ),
    (
        SAMPLES,
        [Item("timestamp", "gt", NOON), Item("search_offset", "eq", "x")],
        "Invalid input for field/attribute search_offset. Value: 'x'. unable to convert to int",
    ),
    (
        METERS,
        [Item("timestamp", "gt", NOON)],
        'Unknown argument: "timestamp": not valid for this resource',
    ),
    (
        METERS,
        [Item("search_offset", "eq", "1")],
        'Unknown argument: "search_offset": not valid for this resource',
    ),
    (
        SAMPLES,
        [Item("non_valid_field_name", "gt", "3")],
        UNKNOWN.format(
            "non_valid_field_name", "<Query 'non_valid_field_name' gt '3' Unset>", SAMPLE_KEYS
        ),
    ),
    (
        SAMPLES,
        [Item("user", "", "cow", ""), Item("limit", "eq", "cow", "")],
        UNKNOWN.format("limit", "<Query 'user' eq 'cow' >, <Query 'limit' eq 'cow' >", SAMPLE_KEYS),
    ),
    (
        METERS,
        [Item("metaquery")],
        UNKNOWN.format(
            "metaquery",
            "<Query 'metaquery' eq Unset Unset>",
            "['project', 'resource', 'source', 'unique', 'user']",
        ),
    ),
    (
        RESOURCES,
        [Item("meter", "eq", "m", "string")],
        UNKNOWN.format(
            "meter",
            "<Query 'meter' eq 'm' string>",
            "['project', 'resource', 'search_offset', 'source', 'timestamp', 'user']",
        ),
    ),
    (
        SAMPLES,
        [Item("metadata.size", "eq", "abacaba", "boolean")],
        "Unable to convert the value abacaba to the expected data type boolean.",
    ),
    (
        SAMPLES,
        [Item("metadata.size", "eq", "x", "blob")],
        "The data type blob is not supported. The supported data type list is: "
        "['integer', 'float', 'string', 'boolean', 'datetime']",
    ),
]


@pytest.mark.parametrize(("fields", "items", "text"), TEXTS)
def test_it_words_what_cannot_be_read(fields: Fields, items: list[Item], text: str) -> None:
    with pytest.raises(TelemetryError) as raised:
        read(items, fields)
    assert (raised.value.status, str(raised.value)) == (400, text)


def test_it_does_not_search_metadata_by_lists() -> None:
    with pytest.raises(NotSupported) as raised:
        read([Item("resource_metadata.size", "eq", "[1]")], SAMPLES)
    text = "Query on metadata.size is of <class 'list'> type and is not supported"
    assert str(raised.value) == text
