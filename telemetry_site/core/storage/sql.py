"""A piece of SQL with its parameters, and how it is run."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db import DataError, connection

from telemetry_site.core.errors import BadRequest
from telemetry_site.core.transactions import sqlstate

INVALID_REGULAR_EXPRESSION = "2201B"


class Sql(NamedTuple):
    """Text with a `%s` for each of the parameters."""

    text: str
    params: tuple[Any, ...] = ()


def joined(glue: str, pieces: Iterable[Sql]) -> Sql:
    """The pieces with `glue` between them."""
    kept = list(pieces)
    return Sql(glue.join(p.text for p in kept), tuple(v for p in kept for v in p.params))


def all_of(pieces: Iterable[Sql]) -> Sql:
    """True where every piece is."""
    return joined(" AND ", pieces) if (pieces := list(pieces)) else Sql("TRUE")


def any_of(pieces: Iterable[Sql]) -> Sql:
    """True where one of the pieces is."""
    found = joined(" OR ", pieces)
    return Sql(f"({found.text or 'FALSE'})", found.params)


@contextmanager
def refusals() -> Iterator[None]:
    """A regular expression that the database cannot read is a BadRequest."""
    try:
        yield
    except DataError as error:
        if sqlstate(error) == INVALID_REGULAR_EXPRESSION:
            raise BadRequest("The regular expression cannot be read") from error
        raise


def run(sql: Sql) -> list[tuple[Any, ...]]:
    """All rows of the answer."""
    with refusals(), connection.cursor() as cursor:
        cursor.execute(sql.text, sql.params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def run_only(sql: Sql) -> int:
    """The number of rows that the statement wrote."""
    with connection.cursor() as cursor:
        cursor.execute(sql.text, sql.params)
        count: int = cursor.rowcount
        return count
