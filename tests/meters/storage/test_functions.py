"""The functions that SQLite gets from us."""

import sqlite3
import statistics
from uuid import UUID

import pytest
from django.db import connection

from meters.storage.functions import PopulationDeviation, finds


def deviation(*values: float | None) -> float | None:
    found = PopulationDeviation()
    for value in values:
        found.step(value)
    return found.finalize()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((3.0,), 0),
        ((2.0, 2.0, 5.0), 2**0.5),
        ((2.0, None, 2.0, 5.0), 2**0.5),
        ((1e15, 1e15 + 1, 1e15 + 2), (2 / 3) ** 0.5),
        ((1e100, -1e100), 1e100),
    ],
)
def test_it_computes_the_population_deviation(
    values: tuple[float | None, ...], expected: float
) -> None:
    assert deviation(*values) == pytest.approx(expected, rel=1e-12)


def test_nothing_has_no_deviation() -> None:
    assert deviation() is None
    assert deviation(None) is None


def test_it_is_exact_on_a_large_counter() -> None:
    values = [1e14 + n % 7 for n in range(1000)]
    assert deviation(*values) == pytest.approx(statistics.pstdev(values), rel=1e-12)


def test_it_finds_in_texts_and_ids() -> None:
    assert finds("^a.c$", "abc") is True
    assert finds("B", "abc") is False
    assert finds("x", None) is None
    assert finds("0001$", UUID(int=1).bytes) is True


@pytest.mark.sqlite
@pytest.mark.django_db
def test_every_connection_has_them() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT population_deviation(value) FROM json_each('[1, 3]')")
        assert cursor.fetchone() == (1.0,)
        cursor.execute("SELECT finds('1', 'a1')")
        assert cursor.fetchone() == (1,)
    assert isinstance(connection.connection, sqlite3.Connection)
