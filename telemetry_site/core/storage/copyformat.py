"""PostgreSQL's binary COPY format: what stands around the rows, and how times are counted."""

from collections.abc import Iterable
from datetime import UTC, datetime

# Times are whole microseconds since this one.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"


def whole(rows: Iterable[bytes]) -> bytes:
    """The input of a COPY that has these rows."""
    return b"".join((HEADER, *rows, TRAILER))
