"""Values of a query as the type of a column."""

import math
from typing import Any
from uuid import UUID

import pytest

from meters.storage.values import as_number, as_text, as_uuid, bounded, comparable, storable_path


@pytest.mark.parametrize(
    ("value", "text", "number"),
    [
        ("a", "a", None),
        ("1.5", "1.5", 1.5),
        (2, "2", 2.0),
        (2.5, "2.5", 2.5),
        (True, None, None),
        (None, None, None),
        ("\0", None, None),
        ("\udfff", None, None),
        ("nan", "nan", None),
        (10**400, str(10**40), math.inf),
        (-(10**400), str(-(10**40)), -math.inf),
    ],
)
def test_it_reads_texts_and_numbers(value: Any, text: str | None, number: float | None) -> None:
    assert as_text(value) == text
    assert as_number(value) == number


def test_it_reads_ids() -> None:
    assert as_uuid(str(UUID(int=5))) == UUID(int=5)
    assert as_uuid("5") is None
    assert as_uuid(5) is None


def test_it_cuts_whole_numbers_only() -> None:
    assert bounded(10**50) == 10**40
    assert bounded(1e300) == 1e300


def test_it_knows_what_metadata_can_hold() -> None:
    assert all(map(comparable, ("a", 1, 1.5, True, None)))
    assert not any(map(comparable, ("\0", math.nan, math.inf, ("a",))))
    assert storable_path(("a", "")) and not storable_path(()) and not storable_path(("\0",))
