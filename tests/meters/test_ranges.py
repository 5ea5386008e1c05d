"""Ranges and periods, read from a URL."""

from datetime import UTC, datetime, timedelta

import pytest

from meters.ranges import PRESETS, Range, automatic_period, day_of, read_period, read_range, recent

NOW = datetime(2026, 3, 1, 12, 34, 56, 789, tzinfo=UTC)
HOUR = 3600


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]  # only numbers of a date


@pytest.mark.parametrize("preset", PRESETS)
def test_it_knows_the_presets_by_name(preset: object) -> None:
    found, problem = read_range({"range": preset.key}, NOW)  # type: ignore[attr-defined]
    assert (found.end - found.start, problem) == (preset.length, "")  # type: ignore[attr-defined]
    assert found.start < NOW <= found.end


def test_it_ends_a_preset_on_the_next_whole_period() -> None:
    found, _ = read_range({"range": "24h"}, NOW)
    assert (found.start, found.end) == (utc(2026, 2, 28, 12, 40), utc(2026, 3, 1, 12, 40))


def test_it_keeps_a_preset_that_ends_on_a_whole_period() -> None:
    assert recent(PRESETS[0], utc(2026, 3, 1, 12)).end == utc(2026, 3, 1, 12)


def test_it_shows_a_day_when_nothing_is_asked_for() -> None:
    assert read_range({}, NOW)[0].preset == "24h"


@pytest.mark.parametrize(
    "text",
    ["2026-02-01T10:00:00", "2026-02-01 10:00", "2026-02-01T11:00+01:00", "2026-02-01T10:00Z"],
)
def test_it_reads_times_as_utc_unless_they_say_otherwise(text: str) -> None:
    found, problem = read_range({"start": text, "end": "2026-02-02"}, NOW)
    assert (found, problem) == (Range(utc(2026, 2, 1, 10), utc(2026, 2, 2)), "")


def test_it_takes_now_for_an_end_that_is_left_out() -> None:
    found, _ = read_range({"start": "2026-03-01"}, NOW)
    assert found.end == NOW


def test_it_takes_the_usual_length_for_a_start_that_is_left_out() -> None:
    found, _ = read_range({"end": "2026-02-02"}, NOW)
    assert found.start == utc(2026, 2, 1)


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"range": "3y"}, "There is no range “3y”"),
        ({"start": "yesterday"}, "The start “yesterday” is not a time"),
        ({"end": "0001-01-01T00:00+23:00"}, "is not a time"),
        ({"start": "2026-02-02", "end": "2026-02-01"}, "must come before its end"),
        ({"start": "2026-02-02", "end": "2026-02-02"}, "must come before its end"),
        ({"start": "1969-12-31", "end": "2026-02-01"}, "between 1970 and ten years"),
        ({"start": "2026-02-02", "end": "2099-02-01"}, "between 1970 and ten years"),
    ],
)
def test_it_says_what_is_wrong_and_shows_the_usual_range(
    params: dict[str, str], words: str
) -> None:
    found, problem = read_range(params, NOW)
    assert words in problem
    assert found.preset == "24h"


def test_it_names_a_range_in_a_url_so_that_it_is_read_back() -> None:
    shown = Range(utc(2026, 2, 1, 10, 0, 5), utc(2026, 2, 2))
    assert read_range(shown.in_url(), NOW)[0] == shown


def test_it_moves_and_widens() -> None:
    day = Range(utc(2026, 2, 2), utc(2026, 2, 3))
    assert day.moved(-0.5) == Range(utc(2026, 2, 1, 12), utc(2026, 2, 2, 12))
    assert day.widened() == Range(utc(2026, 2, 1, 12), utc(2026, 2, 3, 12))


def test_it_never_moves_before_1970() -> None:
    first = Range(utc(1970, 1, 1), utc(1970, 1, 2))
    assert first.moved(-1) == first


def test_it_knows_the_day_of_a_moment() -> None:
    assert day_of(NOW) == Range(utc(2026, 3, 1), utc(2026, 3, 2))


@pytest.mark.parametrize("hours", [0.05, 0.5, 1, 2, 3, 6, 12, 24, 60, 168, 720, 8760, 490_000])
def test_it_gives_a_chart_60_to_400_points(hours: float) -> None:
    seconds = hours * HOUR
    assert 60 <= seconds / automatic_period(seconds) <= 400


def test_it_never_divides_a_second() -> None:
    assert automatic_period(10) == 1


DAY = Range(NOW, NOW + timedelta(days=1))


@pytest.mark.parametrize(("text", "period"), [("", 600), ("auto", 600), ("3600", 3600), ("7", 600)])
def test_it_takes_a_period_that_can_be_drawn(text: str, period: int) -> None:
    assert read_period(text, DAY)[0] == period


@pytest.mark.parametrize("text", ["x", "-5", "0", "1.5", "٣", "9" * 5000, "999999999", "1"])
def test_it_says_why_a_period_is_not_taken(text: str) -> None:
    period, problem = read_period(text, DAY)
    assert period == 600
    assert problem.endswith("10 min is used instead.")
