"""What time it is, and how times are read and written."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


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
