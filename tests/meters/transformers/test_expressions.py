"""Expressions calculate, and nothing else."""

import time
from typing import Any

import pytest

from meters.transformers.expressions import BadExpression, Expression, NoValue, found_in


def value(text: str, **attributes: Any) -> float:
    """Its value where these are the attributes."""
    return Expression(text).value(lambda path: found_in(attributes, path))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("2 ** 10 % 1000", 24),
        ("7 // 2 - -1", 4),
        ("volume * 1.8 + 32", 212),
        ("(resource_metadata.n or 1) * 3", 12),
        ("(resource_metadata.none or 1) * 3", 3),
        ("(resource_metadata.none.deeper or 5)", 5),
        ("unit == 'B' and 8 or 1", 8),
        ("unit == 'KB' and 8 or 1", 1),
        ("not unit and 1 or 2", 2),
        ("resource_metadata.text * 2", 6),
        ("resource_metadata.text == '3' and 1 or 0", 1),
        ("volume > 50", 1),
    ],
)
def test_what_it_gives(text: str, expected: float) -> None:
    metadata = {"n": 4, "text": "3"}
    assert value(text, volume=100.0, unit="B", resource_metadata=metadata) == expected


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "volume.__class__()",
        "[1, 2]",
        "{1: 2}",
        "lambda: 1",
        "x if volume else y",
        "volume[0]",
        "(1).real",
        "1 << 3",
        "volume := 3",
        "f'{volume}'",
        "1; 2",
        "",
        "1 +",
        "(" * 500,
    ],
)
def test_what_is_refused(text: str) -> None:
    with pytest.raises(BadExpression):
        Expression(text)


@pytest.mark.parametrize(
    "text", ["1 / 0", "volume + 'a'", "9**9**9", "'a' * 10**9", "unit", "1e308 * 10 - 1e308 * 10"]
)
def test_what_has_no_value(text: str) -> None:
    begun = time.monotonic()
    with pytest.raises(NoValue):
        value(text, volume=1.0, unit="B")
    assert time.monotonic() - begun < 1


def test_special_attributes_are_not_there() -> None:
    with pytest.raises(NoValue):
        value("volume.__class__", volume=1.0)
