"""Rows and headings for the templates."""

from meters.pages import METER_COLUMNS, flattened, headings


def test_it_turns_the_order_round_at_the_second_click() -> None:
    name, *_ = headings(METER_COLUMNS, "")
    assert (name.direction, name.sort) == ("ascending", "-name")
    name, *_ = headings(METER_COLUMNS, "-name")
    assert (name.direction, name.sort) == ("descending", "name")


def test_it_begins_numbers_with_the_largest() -> None:
    found = headings(METER_COLUMNS, "")[3]
    assert (found.title, found.direction, found.sort) == ("Resources", "", "-resources")
    assert headings(METER_COLUMNS, "-resources")[3].sort == "resources"


def test_it_lays_metadata_flat() -> None:
    metadata = b'{"a":{"b":1,"c":{"d":"x"}},"e":[1,"y"],"f":null,"g":{},"h":true}'
    assert flattened(metadata) == [
        ("a.b", "1"),
        ("a.c.d", "x"),
        ("e", '[1, "y"]'),
        ("f", "null"),
        ("g", "{}"),
        ("h", "true"),
    ]
