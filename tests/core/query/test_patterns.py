"""Regular expressions of users."""

from uuid import UUID

import pytest
from django.db import connection

from telemetry_site.core.errors import BadRequest
from telemetry_site.core.query.patterns import finds, for_postgresql, readable


def test_it_finds_in_texts_and_ids() -> None:
    assert finds("^a.c$", "abc") is True
    assert finds("B", "abc") is False
    assert finds("x", None) is None
    assert finds("0001$", UUID(int=1).bytes) is True


def test_it_says_what_cannot_be_read() -> None:
    assert readable("a+") == "a+"
    with pytest.raises(BadRequest) as error:
        readable("a(")
    assert str(error.value) == "The regular expression a( cannot be read"


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"\bcpu\b", r"\ycpu\y"),
        (r"\\b", r"\\b"),
        (r"\\\b", r"\\\y"),
        ("a\\\n", "a\\\n"),
        (r"\d$\z", r"\d$\Z"),
    ],
)
def test_it_speaks_as_postgresql(pattern: str, words: str) -> None:
    assert for_postgresql(pattern) == words


@pytest.mark.sqlite
@pytest.mark.django_db
def test_sqlite_has_the_function() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT finds('1', 'a1')")
        assert cursor.fetchone() == (1,)
