"""Time constraints: from their starts on, by any clock, also where it is put forward or back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from alarms.constraints import cron, in_force, zone

BERLIN = "Europe/Berlin"
HOUR = 3600


def awake(
    moment: str, start: str = "0 23 * * *", duration: int = 3 * HOUR, timezone: str = ""
) -> bool:
    """At a moment of UTC, or with an offset."""
    now = datetime.fromisoformat(moment)
    constraint = {"start": start, "duration": duration, "timezone": timezone}
    return in_force([constraint], now if now.tzinfo else now.replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-01T22:58:59", False),
        ("2026-03-01T22:59:00", False),
        ("2026-03-01T22:59:00.000001", True),  # less than a minute before the start
        ("2026-03-01T23:00:00", True),
        ("2026-03-02T01:59:59", True),
        ("2026-03-02T02:00:00", True),
        ("2026-03-02T02:00:00.000001", False),
        ("2026-03-02T12:00:00", False),
    ],
)
def test_it_holds_from_a_start_to_its_end(moment: str, expected: bool) -> None:
    assert awake(moment) is expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-01T22:59:30", True),
        ("2026-03-01T23:00:59.999999", True),
        ("2026-03-01T23:01:00", False),
    ],
)
def test_it_holds_within_a_minute_of_a_start_however_short_it_is(
    moment: str, expected: bool
) -> None:
    assert awake(moment, duration=0) is expected


def test_no_constraint_always_holds_and_of_several_any() -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    night = {"start": "0 23 * * *", "duration": HOUR, "timezone": ""}
    noon = {"start": "0 12 * * *", "duration": HOUR, "timezone": ""}
    assert in_force([], now)
    assert in_force([night, noon], now)
    assert not in_force([night, night], now)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-01-15T21:59:30", True),  # 22:59:30 in winter
        ("2026-01-15T22:30:00", True),
        ("2026-01-15T23:30:00", False),
        ("2026-07-15T20:58:00", False),
        ("2026-07-15T21:30:00", True),  # 23:30 in summer
        ("2026-07-15T22:30:00", False),
    ],
)
def test_starts_are_by_the_clock_of_the_time_zone(moment: str, expected: bool) -> None:
    assert awake(moment, duration=HOUR, timezone=BERLIN) is expected


@pytest.mark.parametrize(
    ("start", "moment", "expected"),
    [
        # At 02:00 of 29 March 2026 it is 03:00 of summer in Berlin, 01:00 of UTC.
        ("30 2 * * *", "2026-03-29T00:58:00", False),
        ("30 2 * * *", "2026-03-29T01:00:00", True),
        ("30 2 * * *", "2026-03-29T01:30:00", True),
        ("30 2 * * *", "2026-03-29T01:30:01", False),
        ("0 3 * * *", "2026-03-29T01:00:00", True),
        ("0 3 * * *", "2026-03-29T01:31:00", False),
        ("0 1 * * *", "2026-03-29T00:30:00", True),  # 01:30
        ("0 1 * * *", "2026-03-29T01:00:00", False),  # 03:00, but an hour after 01:00
        ("*/50 * * * *", "2026-03-29T01:20:00", True),  # 03:20, after 03:00
        ("55 * * * *", "2026-03-29T01:30:00", False),  # 03:30, 35 minutes after 01:55
    ],
)
def test_an_hour_that_is_skipped_starts_with_the_jump(
    start: str, moment: str, expected: bool
) -> None:
    assert awake(moment, start, HOUR // 2, BERLIN) is expected


@pytest.mark.parametrize(
    ("start", "moment", "expected"),
    [
        # At 03:00 of summer, 25 October 2026, it is 02:00 again in Berlin, 01:00 of UTC.
        ("30 2 * * *", "2026-10-25T00:29:00", False),
        ("30 2 * * *", "2026-10-25T00:30:00", True),
        ("30 2 * * *", "2026-10-25T00:50:00", True),
        ("30 2 * * *", "2026-10-25T01:00:00", True),  # 02:00 again, half an hour after
        ("30 2 * * *", "2026-10-25T01:00:01", False),
        ("30 2 * * *", "2026-10-25T01:30:00", True),
        ("30 2 * * *", "2026-10-25T02:01:00", False),
        ("0 3 * * *", "2026-10-25T01:00:00", False),
        ("0 3 * * *", "2026-10-25T02:00:00", True),
    ],
)
def test_an_hour_that_comes_twice_starts_twice(start: str, moment: str, expected: bool) -> None:
    assert awake(moment, start, HOUR // 2, BERLIN) is expected


@pytest.mark.parametrize("start", ["0 2 * * *", "30 1 * * *", "*/20 * * * *", "10 2,3 * * *"])
@pytest.mark.parametrize("name", [BERLIN, "America/New_York", "Australia/Lord_Howe"])
def test_it_agrees_with_a_clock_that_is_looked_at_every_minute(start: str, name: str) -> None:
    """On the days on which one of them is put back."""
    for day in (datetime(2026, 4, 5), datetime(2026, 10, 25), datetime(2026, 11, 1)):  # noqa: DTZ001
        first = day.replace(tzinfo=ZoneInfo(name)).astimezone(UTC) - timedelta(hours=3)
        moments = [first + timedelta(minutes=n) for n in range(10 * 60)]
        starts = [one for one in moments if fits(start, one.astimezone(ZoneInfo(name)))]
        for moment in moments[180:]:
            expected = any(timedelta(0) <= moment - one <= timedelta(minutes=7) for one in starts)
            assert awake(moment.isoformat(), start, 7 * 60, name) is expected, moment


def fits(start: str, local: datetime) -> bool:
    """Whether a clock shows a time that the first two fields name."""
    minutes, hours = start.split()[:2]
    found = range(0, 60, 20) if minutes == "*/20" else [int(minutes)]
    return local.minute in found and (hours == "*" or str(local.hour) in hours.split(","))


@pytest.mark.parametrize(
    "text", ["* * * * *", "*/5 1-6 1,15 jan-mar mon-fri", "@daily", "0 0 L * *", "0 0 29 2 *"]
)
def test_it_reads_cron_expressions(text: str) -> None:
    assert cron(text) is cron(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "columns"),
        ("* * * *", "columns"),
        ("* * * * * *", "6 fields where 5 are expected"),
        ("* * * * * * 2026", "7 fields"),
        ("61 * * * *", "out of range"),
        ("a b c d e", "not acceptable"),
        ("0 0 30 2 *", "no such date"),
        ("R * * * *", "not supported"),
        ("0 h(0-3) * * *", "not supported"),
        ("0 0 1 1 " + "1," * 300, "longer than 500"),
    ],
)
def test_it_refuses_what_is_none(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        cron(text)


@pytest.mark.parametrize("name", ["Europe", "Mars/Olympus", "../etc", "/etc/localtime", "ab\0"])
def test_it_refuses_time_zones_that_there_are_not(name: str) -> None:
    assert zone("") is UTC
    with pytest.raises(ValueError, match=name[:2]):
        zone(name)
