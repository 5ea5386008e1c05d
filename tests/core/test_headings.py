"""The heads of columns."""

from telemetry_site.core.headings import Heading, headings

COLUMNS = (
    Heading("Meter", "name"),
    Heading("Unit"),
    Heading("Resources", "resources", number=True),
)


def test_it_turns_the_order_round_at_the_second_click() -> None:
    name, *_ = headings(COLUMNS, "")
    assert (name.direction, name.sort) == ("ascending", "-name")
    name, *_ = headings(COLUMNS, "-name")
    assert (name.direction, name.sort) == ("descending", "name")


def test_it_begins_numbers_with_the_largest() -> None:
    found = headings(COLUMNS, "")[2]
    assert (found.title, found.direction, found.sort) == ("Resources", "", "-resources")
    assert headings(COLUMNS, "-resources")[2].sort == "resources"
