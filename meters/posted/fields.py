"""The fields of a posted sample, one reader for each kind; what they refuse, they word."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from meters.posted.messages import LONGEST_TEXT, TOO_LONG, Terms, as_read, in_utc
from meters.posted.metadata import forms
from meters.samples import MAX_VOLUME
from telemetry_site.core.clock import EPOCH, from_text
from telemetry_site.core.errors import InvalidInput

# So much of a value is shown in an error: a list may be megabytes.
LONGEST_SHOWN = 4096


class Field(NamedTuple):
    """A value with its name, and the list and terms that it came with."""

    name: str
    value: Any
    entries: list[Any]
    terms: Terms


def shown(value: object) -> str:
    """A value as an error shows it: text that any encoding can carry, cut when it is long."""
    text = str(value).replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def bad_list(entries: list[Any], why: str) -> InvalidInput:
    """A fault that is laid to the whole list."""
    return InvalidInput("samples", shown(entries), why)


def missing(name: str) -> InvalidInput:
    """A field that must be there."""
    return InvalidInput(name, None, "Mandatory field missing.")


def wrong_type(field: Field, value: object) -> InvalidInput:
    """A value that is no text, in the field or somewhere in it."""
    why = f"Wrong type. Expected '<class 'str'>', got '{type(value)}'"
    return InvalidInput(field.name, shown(field.value), why)


def text(field: Field) -> str | None:
    """Unicode text without NUL, or null."""
    if field.value is None:
        return None
    if not isinstance(field.value, str):
        raise wrong_type(field, field.value)
    _check_text(field, field.value)
    return field.value


def short_text(field: Field) -> str | None:
    """Text that fits into an index."""
    value = text(field)
    if value is not None and len(value) > LONGEST_TEXT:
        raise InvalidInput(field.name, shown(value), TOO_LONG)
    return value


def volume(field: Field) -> float | None:
    """A number, also as text, or null."""
    if field.value is None:
        return None
    try:
        number = _number(field.value)
    except ValueError as error:
        raise bad_list(field.entries, shown(error)) from None
    if not -MAX_VOLUME <= number <= MAX_VOLUME:
        why = f"The volume must be a number between {-MAX_VOLUME:g} and {MAX_VOLUME:g}"
        raise bad_list(field.entries, why)
    return number


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"could not convert {type(value).__name__} to float")
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def time(field: Field) -> str | None:
    """An ISO 8601 time or date, or null, in the one form of it; its offset is kept."""
    moment = _moment(field)
    return moment.isoformat() if moment else None


def sample_time(field: Field) -> str | None:
    """A time that a sample may have."""
    moment = _moment(field)
    if moment is not None and not _covered(moment, field.terms):
        why = "The timestamp must be from 1970 on and at most ten years ahead"
        raise bad_list(field.entries, why)
    return moment.isoformat() if moment else None


def _moment(field: Field) -> datetime | None:
    if field.value is None:
        return None
    try:
        return parse_time(field.value)
    except (TypeError, ValueError):
        why = f"'{shown(field.value)}' is not a legal datetime value"
        raise bad_list(field.entries, why) from None


def _covered(moment: datetime, terms: Terms) -> bool:
    try:
        return EPOCH <= in_utc(moment) <= terms.latest
    except OverflowError:  # its offset leads out of the years 1 to 9999
        return False


def parse_time(value: object) -> datetime:
    """As the fast reader reads it, else as times in queries are read. Raises ValueError."""
    if not isinstance(value, str):
        raise TypeError
    try:
        return as_read(value)
    except msgspec.ValidationError:
        return from_text(value)


def metadata(field: Field) -> msgspec.Raw:
    """An object of texts and nulls, or null for none."""
    if field.value is None:
        return forms({}).flat
    if not isinstance(field.value, dict):
        raise bad_list(field.entries, f"Value not a valid dict: {shown(field.value)}")
    for key, value in field.value.items():
        if value is not None and not isinstance(value, str):
            raise wrong_type(field, value)
        _check_text(field, key + (value or ""))
    return forms(field.value).flat


def _check_text(field: Field, value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidInput(field.name, shown(field.value), "Not valid Unicode text") from None
    if "\0" in value:
        raise InvalidInput(field.name, shown(field.value), "Text must not contain NUL")


READERS: dict[str, Callable[[Field], Any]] = {
    "source": short_text,
    "counter_name": short_text,
    "counter_type": text,
    "counter_unit": short_text,
    "counter_volume": volume,
    "user_id": short_text,
    "project_id": short_text,
    "resource_id": short_text,
    "timestamp": sample_time,
    "recorded_at": time,
    "resource_metadata": metadata,
    "message_id": text,
}
