"""The functions that SQLite gets from us."""

import sqlite3
import statistics

import pytest
from django.db import connection

from meters.storage.functions import FirstBy, LastBy, SquaredDeviations


def squares(*values: float | None) -> float:
    found = SquaredDeviations()
    for value in values:
        found.step(value)
    return found.finalize()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((), 0),
        ((None,), 0),
        ((3.0,), 0),
        ((2.0, 2.0, 5.0), 6),
        ((2.0, None, 2.0, 5.0), 6),
        ((1e15, 1e15 + 1, 1e15 + 2), 2),
        ((1e100, -1e100), 2e200),
    ],
)
def test_it_sums_up_squared_deviations(values: tuple[float | None, ...], expected: float) -> None:
    assert squares(*values) == pytest.approx(expected, rel=1e-12)


def taken(kind: type[FirstBy], *rows: tuple[object, ...]) -> object:
    found = kind()
    for value, *key in rows:
        found.step(value, *key)
    return found.finalize()


def test_it_takes_the_value_of_the_first_and_of_the_last_row() -> None:
    rows = (("c", 2, b"a"), ("a", 1, b"b"), (None, 1, b"a"), ("d", 2, b"b"))
    assert (taken(FirstBy, *rows), taken(LastBy, *rows)) == (None, "d")
    assert taken(FirstBy) is taken(LastBy) is None


def test_it_is_exact_on_a_large_counter() -> None:
    values = [1e14 + n % 7 for n in range(1000)]
    assert squares(*values) == pytest.approx(statistics.pvariance(values) * 1000, rel=1e-12)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_every_connection_has_them() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT squared_deviations(value), first_by(value, -key), last_by(value, -key) "
            "FROM json_each('[1, 3]')"
        )
        assert cursor.fetchone() == (2.0, 3, 1)
    assert isinstance(connection.connection, sqlite3.Connection)
