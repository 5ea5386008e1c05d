"""Values of metadata queries."""

import pytest

from telemetry_site.core.errors import BadRequest, NotSupported
from telemetry_site.core.query.literals import is_true, literal, metadata_value, typed


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("0.75", 0.75),
        ("True", True),
        ("'x'", "x"),
        ("None", None),
        ("m1.tiny", "m1.tiny"),
        ("", ""),
        ("true", "true"),
        ("(" * 500, "(" * 500),
        ("9" * 5000, "9" * 5000),
        ("a\0b", "a\0b"),
    ],
)
def test_it_reads_the_literal_that_a_text_spells(text: str, value: object) -> None:
    found = literal(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("5", "integer", 5),
        ("5", "float", 5.0),
        ("5", "string", "5"),
        *[(word, "boolean", True) for word in ("true", "T", "Yes", "y", "on", "1")],
        *[(word, "boolean", False) for word in ("false", "F", "No", "n", "OFF", "0")],
    ],
)
def test_it_reads_a_value_of_a_named_type(text: str, kind: str, value: object) -> None:
    found = typed(text, kind)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("1.5", "integer"), ("x", "float"), ("2", "boolean"), ("junk", "datetime"), ("1", "blob")],
)
def test_it_refuses_what_is_not_of_the_type(text: str, kind: str) -> None:
    with pytest.raises(BadRequest):
        typed(text, kind)


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("[1]", None, "list"),
        ("{}", None, "dict"),
        ("b'x'", None, "bytes"),
        ("1j", None, "complex"),
        ("2013-01-01", "datetime", "datetime.datetime"),
    ],
)
def test_it_searches_by_no_other_types(text: str, kind: str | None, shown: str) -> None:
    with pytest.raises(NotSupported) as raised:
        metadata_value("metadata.a", text, kind)
    expected = f"Query on metadata.a is of <class '{shown}'> type and is not supported"
    assert str(raised.value) == expected


@pytest.mark.parametrize("text", ["true", "1", "YES", "on", "t", "y", " True "])
def test_it_knows_the_words_for_true(text: str) -> None:
    assert is_true(text)


@pytest.mark.parametrize("text", ["", "false", "2", "nonsense"])
def test_it_takes_everything_else_for_false(text: str) -> None:
    assert not is_true(text)
