"""Times as text, both ways."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from telemetry_site.core.clock import (
    BEGINNING_OF_TIME,
    END_OF_TIME,
    from_text,
    on_the_wire,
    shifted,
    wall_clock,
)

PLUS_TWO = timezone(timedelta(hours=2))
MINUS = timezone(-timedelta(hours=3, minutes=30))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2013-08-01", datetime(2013, 8, 1)),  # noqa: DTZ001 - without a zone
        ("20130801", datetime(2013, 8, 1)),  # noqa: DTZ001
        ("2013-08-01T10:11:00", datetime(2013, 8, 1, 10, 11)),  # noqa: DTZ001
        ("2013-08-01 10:11", datetime(2013, 8, 1, 10, 11)),  # noqa: DTZ001
        ("2013-08-01 10:11:00.000001", datetime(2013, 8, 1, 10, 11, 0, 1)),  # noqa: DTZ001
        ("2013-08-01T10:11:00.5", datetime(2013, 8, 1, 10, 11, 0, 500000)),  # noqa: DTZ001
        ("2013-08-01T10:11:00,1234567", datetime(2013, 8, 1, 10, 11, 0, 123456)),  # noqa: DTZ001
        ("2013-08-01T10:11:00Z", datetime(2013, 8, 1, 10, 11, tzinfo=UTC)),
        ("2013-08-01T10:11:00+02", datetime(2013, 8, 1, 10, 11, tzinfo=PLUS_TWO)),
        ("2013-08-01T10:11:00-03:30", datetime(2013, 8, 1, 10, 11, tzinfo=MINUS)),
    ],
)
def test_it_reads_iso_8601(text: str, moment: datetime) -> None:
    found = from_text(text)
    assert (found, found.utcoffset()) == (moment, moment.utcoffset())


@pytest.mark.parametrize(
    "text",
    ["", "junk", "2013", "2013-13-01", "2013-02-30", "2013-08-01T25:00", "2013-08-01T10:11:60",
     "2013-08-01T10:11:00+99:00", "2013-08-01T10:11:00-020000", "2013-08-01x10:11:00",
     "2013-08-01T10:11:6x", "2013-08-01T10:11:00\n", "٢٠١٣-٠٨-٠١", "0000-01-01"],
)  # fmt: skip
def test_it_refuses_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_text(text)


def test_it_can_throw_an_offset_away() -> None:
    assert wall_clock("2013-08-01T12:11:00+02:00") == datetime(2013, 8, 1, 12, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2013, 8, 1, 10, 11, tzinfo=UTC), "2013-08-01T10:11:00"),
        (datetime(2013, 8, 1, 15, 37, 0, 500000, tzinfo=UTC), "2013-08-01T15:37:00.500000"),
        (datetime(2013, 8, 1, 12, 11, tzinfo=PLUS_TWO), "2013-08-01T10:11:00"),
    ],
)
def test_it_writes_utc_without_a_zone(moment: datetime, text: str) -> None:
    assert on_the_wire(moment) == text


def test_it_moves_no_further_than_the_ends_of_time() -> None:
    day = timedelta(days=1)
    assert shifted(END_OF_TIME, day) == END_OF_TIME
    assert shifted(BEGINNING_OF_TIME, -day) == BEGINNING_OF_TIME
    assert shifted(END_OF_TIME, -day) == END_OF_TIME - day
