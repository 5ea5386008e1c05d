"""The binary COPY format, byte by byte."""

from datetime import UTC, datetime, timedelta
from struct import pack, unpack_from
from uuid import UUID

import pytest

from meters.storage import copybuffer
from tests.factories import make_sample

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
FRAME = 19 + 2  # header and trailer


def test_a_row_is_its_fields_with_their_lengths() -> None:
    sample = make_sample(1.5, EPOCH + timedelta(microseconds=1), message_id=UUID(int=7))
    found = copybuffer.encode([sample], [3], [4], EPOCH)
    assert found == (
        b"PGCOPY\n\xff\r\n\0" + bytes(8) + pack("!h", 6)
        + pack("!ii", 4, 3) + pack("!iq", 8, 1) + pack("!i", 16) + UUID(int=7).bytes
        + pack("!ii", 4, 4) + pack("!iq", 8, 0) + pack("!id", 8, 1.5) + b"\xff\xff"
    )  # fmt: skip


def test_a_missing_volume_has_no_bytes() -> None:
    found = copybuffer.encode([make_sample(None)], [1], [1], EPOCH)
    assert found.endswith(b"\xff\xff\xff\xff" + b"\xff\xff")
    assert len(found) == FRAME + 74 - 8


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2038, 1, 19, 3, 14, 8, 123_457, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ],
)
def test_times_are_exact_to_the_microsecond(moment: datetime) -> None:
    found = copybuffer.encode([make_sample(1, moment)], [1], [1], moment)
    (stored,) = unpack_from("!q", found, 19 + 2 + 8 + 4)
    assert EPOCH + timedelta(microseconds=stored) == moment


def test_rows_stand_in_the_order_of_the_key_and_the_first_of_equals_first() -> None:
    later = EPOCH + timedelta(days=1)
    one, two = UUID(int=1), UUID(int=2)
    samples = [
        make_sample(1, later, message_id=one),
        make_sample(2, EPOCH, message_id=two),
        make_sample(4, EPOCH, message_id=one),
        make_sample(3, EPOCH, message_id=one),
        make_sample(5, later, message_id=one),
    ]
    found = copybuffer.encode(samples, [2, 2, 2, 2, 1], [1] * 5, EPOCH)
    rows = [found[start : start + 74] for start in range(19, len(found) - 2, 74)]
    assert [unpack_from("!d", row, 66)[0] for row in rows] == [5, 4, 3, 2, 1]
