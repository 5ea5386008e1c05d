"""How busy the demo's instances are."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from telemetry_site.demo.fleet import NIGHT, OFFICE, Rhythm
from telemetry_site.demo.rhythm import CHANCE, Work, chances

HOUR = 3600


def step_of(year: int, month: int, day: int, hour: int) -> int:
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp()) // HOUR


def test_it_follows_the_hours_of_a_day() -> None:
    work = Work(Rhythm((0.0, 0.4, *[0.0] * 10), weekend=0.5), HOUR)
    monday = step_of(2026, 3, 2, 0)
    assert [work.load(monday + hour) for hour in range(5)] == [0.0, 0.2, 0.4, 0.2, 0.0]


def test_weekends_differ() -> None:
    work = Work(OFFICE, HOUR)
    friday, saturday, sunday = (step_of(2026, 3, day, 10) for day in (6, 7, 8))
    assert work.load(friday) == pytest.approx(0.52)
    assert work.load(saturday) == work.load(sunday) == pytest.approx(0.52 * 0.15)


def test_what_is_done_adds_up_the_loads() -> None:
    work = Work(NIGHT, HOUR)
    week = range(step_of(2026, 3, 4, 7), step_of(2026, 3, 11, 8))
    done = work.done(week, [0.0] * len(week))
    assert done[-1] - done[0] == pytest.approx(sum(work.load(at) for at in week[:-1]))


def test_it_never_does_less_than_before() -> None:
    work = Work(OFFICE, HOUR)
    week = range(step_of(2026, 3, 4, 7), step_of(2026, 3, 11, 8))
    done = work.done(week, chances("key", week, HOUR))
    assert all(now > before for before, now in pairwise(done))


def test_chance_moves_a_part_of_a_steps_own_work() -> None:
    work = Work(OFFICE, HOUR)
    at = step_of(2026, 3, 4, 10)
    (low,), (high,) = work.done(range(at, at + 1), [0.0]), work.done(range(at, at + 1), [1.0])
    assert high - low == pytest.approx(CHANCE * 0.52)


def test_chances_do_not_depend_on_where_one_begins() -> None:
    whole = chances("key", range(100, 200), HOUR)
    assert len(whole) == 100
    assert chances("key", range(150, 160), HOUR) == whole[50:60]
    assert chances("other", range(100, 200), HOUR) != whole
    assert all(0 <= chance < 1 for chance in whole)
