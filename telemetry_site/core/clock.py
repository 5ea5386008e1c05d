"""What time it is, and how times are read and written."""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
BEGINNING_OF_TIME = datetime.min.replace(tzinfo=UTC)
END_OF_TIME = datetime.max.replace(tzinfo=UTC)

ISO_8601 = re.compile(
    r"(\d{4})-?(\d{1,2})-?(\d{1,2})"
    r"(?:[ T](\d{2})(?::?(\d{2})(?::?(\d{1,2})(?:[.,](\d+))?)?)?"
    r"(?:(Z)|([+-])(\d{2}):?(\d{2})?)?)?",
    re.ASCII,
)


def now() -> datetime:
    """The present moment in UTC; asked once, at the edge, and handed on from there."""
    return datetime.now(UTC)


def to_microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970, exact.

    >>> to_microseconds(datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC))
    1000005
    """
    return (moment - EPOCH) // MICROSECOND


def from_microseconds(microseconds: int) -> datetime:
    """The moment so many microseconds after 1970.

    >>> from_microseconds(1000005)
    datetime.datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=datetime.timezone.utc)
    """
    return EPOCH + timedelta(microseconds=microseconds)


def on_the_wire(moment: datetime) -> str:
    """ISO 8601 in UTC without a zone, microseconds only when there are any.

    >>> on_the_wire(datetime(2013, 8, 1, 10, 11, tzinfo=UTC))
    '2013-08-01T10:11:00'
    """
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat()


def from_text(text: str) -> datetime:
    """The moment that ISO 8601 text names: "T" or a space before the time, or a date alone.

    Aware when the text has an offset, else naive; digits past the microsecond are cut off.
    Raises ValueError.

    >>> from_text("2013-08-01 10:11:00.5")
    datetime.datetime(2013, 8, 1, 10, 11, 0, 500000)
    """
    if _is_usual(text):
        return datetime.fromisoformat(text)
    found = ISO_8601.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no time")
    year, month, day, hour, minute, second, fraction, zulu, sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return datetime(
        int(year),
        int(month),
        int(day),
        int(hour or 0),
        int(minute or 0),
        int(second or 0),
        int((fraction or "0")[:6].ljust(6, "0")),
        tzinfo=timezone(-offset if sign == "-" else offset) if zulu or sign else None,
    )


def _is_usual(text: str) -> bool:
    """Whether Python's own reader, which is quicker, understands the same by it, or refuses it."""
    return (
        (len(text) == 19 or (len(text) == 26 and text[19] == "."))
        and text[4] == text[7] == "-"
        and text[13] == text[16] == ":"
        and text[10] in " T"
    )


@lru_cache(maxsize=4_096)
def utc(text: str) -> datetime:
    """The moment that ISO 8601 text names, in UTC; without an offset it is UTC already.

    Remembered: one message names the same time several times. Raises ValueError, OverflowError.

    >>> utc("2013-08-01T12:11:00+02:00").isoformat()
    '2013-08-01T10:11:00+00:00'
    """
    found = from_text(text)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def wall_clock(text: str) -> datetime:
    """What the text reads, taken as UTC: an offset is thrown away. Raises ValueError.

    >>> wall_clock("2013-08-01T12:11:00+02:00").isoformat()
    '2013-08-01T12:11:00+00:00'
    """
    return from_text(text).replace(tzinfo=UTC)


def shifted(moment: datetime, by: timedelta) -> datetime:
    """So much later or earlier, at most to the ends of time.

    >>> shifted(END_OF_TIME, timedelta(days=1)) == END_OF_TIME
    True
    """
    try:
        return moment + by
    except OverflowError:
        return END_OF_TIME if by > timedelta(0) else BEGINNING_OF_TIME
