"""Makes decoded JSON storable: what a database would refuse a whole batch for is replaced."""

import re
from typing import Any

# Readers and databases bound the depth of JSON.
DEEPEST = 100
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
LARGEST = (1 << 63) - 1

_unstorable = re.compile("[\0\ud800-\udfff]")
# Nineteen digits in a row may be more than 64 bits. To look for them so is ten times as fast as
# a regular expression.
_digits_as_zeros = bytes.maketrans(b"123456789", b"0" * 9)
_many_digits = b"0" * 19


class TooDeep(ValueError):
    """Nested deeper than `DEEPEST`."""


def needs_cleaning(body: bytes) -> bool:
    """Whether `clean` might change anything in what this JSON says; usually not."""
    return (
        b"u0000" in body
        or b"\\ud" in body
        or b"\\uD" in body
        or body.count(b"{") + body.count(b"[") > DEEPEST
        or _many_digits in body.translate(_digits_as_zeros)
    )


def clean(value: Any, depth: int = 0) -> Any:
    """The value without NUL, lone surrogates and integers of more than 64 bits (then floats).

    Raises TooDeep, and OverflowError for a number that is no float either.
    """
    if isinstance(value, str):
        return _unstorable.sub(REPLACEMENT, value)
    if isinstance(value, int) and not -LARGEST <= value <= LARGEST:
        return float(value)
    if isinstance(value, dict | list):
        if depth == DEEPEST:
            raise TooDeep(f"It is nested more than {DEEPEST} levels deep")
        if isinstance(value, list):
            return [clean(item, depth + 1) for item in value]
        return {clean(key): clean(item, depth + 1) for key, item in value.items()}
    return value
