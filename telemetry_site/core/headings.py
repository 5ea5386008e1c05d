"""The heads of columns, whose links sort a list."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column; `sort` is what its link sorts by, `direction` how it is now."""

    title: str
    sort: str = ""
    number: bool = False
    wide: bool = False
    direction: str = ""


def headings(columns: Sequence[Heading], sort: str) -> list[Heading]:
    """The columns; a second click turns the order round, numbers begin with the largest."""
    now = sort or columns[0].sort
    return [_heading(column, now) for column in columns]


def _heading(column: Heading, now: str) -> Heading:
    up, down = column.sort, f"-{column.sort}" if column.sort else ""
    direction = {up: "ascending", down: "descending"}.get(now, "") if column.sort else ""
    first, second = (down, up) if column.number else (up, down)
    following = second if now == first else first
    return Heading(column.title, following, column.number, column.wide, direction)
