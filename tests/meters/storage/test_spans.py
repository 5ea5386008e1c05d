"""Which stretches an answer takes from days, hours and samples; times are hours of one week."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meters.storage.spans import (
    DAY,
    HOUR,
    MOST_SPANS,
    Periods,
    Span,
    down,
    longest,
    minus,
    pieces,
    together,
    up,
    whole,
)

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
LATER = MONDAY + timedelta(days=30)
CLEAN: dict[timedelta, list[Span]] = {HOUR: [], DAY: []}


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def span(start: float, end: float) -> Span:
    return at(start), at(end)


def hours(spans: object) -> list[tuple[float, float]]:
    """Spans as hours since Monday."""
    return [tuple((edge - MONDAY) / HOUR for edge in one) for one in spans]  # type: ignore[attr-defined]


def test_whole_days_come_from_days_the_rest_from_hours_the_edges_from_samples() -> None:
    found = pieces(span(22.5, 73.25), LATER, CLEAN, None)
    assert hours(found.days) == [(24, 72)]
    assert hours(found.hours) == [(23, 24), (72, 73)]
    assert hours(found.raw) == [(22.5, 23), (73, 73.25)]


def test_what_is_open_comes_from_samples() -> None:
    found = pieces(span(0, 60), at(50), CLEAN, None)
    assert (hours(found.days), hours(found.hours)) == ([(0, 48)], [(48, 50)])
    assert hours(found.raw) == [(50, 60)]


def test_what_is_dirty_comes_from_below() -> None:
    dirty = {HOUR: [span(5, 6)], DAY: [span(24, 48)]}
    found = pieces(span(0, 72), LATER, dirty, None)
    assert hours(found.days) == [(48, 72)]
    assert hours(found.hours) == [(0, 5), (6, 48)]
    assert hours(found.raw) == [(5, 6)]


@pytest.mark.parametrize(
    ("origin", "length", "days", "raw"),
    [
        (0, 1, [], []),
        (0, 24, [(0, 72)], []),
        (5, 24, [], []),
        (5.5, 24, [], [(5, 6), (29, 30), (53, 54)]),
        (0.5, 1, [], [(0, 72)]),
        (0.5, 3, [], [(n, n + 1) for n in range(0, 72, 3)]),
        (0, 0.5, [], [(0, 72)]),
        (0, 36, [(0, 24), (48, 72)], []),
        (0, 1.5, [], [(n, n + 1) for n in range(1, 72, 3)]),
        (-1000.25, 5000, [(0, 72)], []),
    ],
)
def test_no_piece_lies_in_two_periods(
    origin: float, length: float, days: list[tuple[float, float]], raw: list[tuple[float, float]]
) -> None:
    found = pieces(span(0, 72), LATER, CLEAN, Periods(at(origin), timedelta(hours=length)))
    assert hours(found.days) == days
    assert hours(found.raw) == raw


MOMENTS = st.integers(0, 200 * 60).map(lambda minutes: at(minutes / 60))
PERIODS = st.none() | st.builds(
    Periods, MOMENTS, st.integers(1, 6000).map(lambda minutes: timedelta(minutes=minutes))
)


HOURS = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 24)))


@given(MOMENTS, MOMENTS, MOMENTS, HOURS, st.sets(st.integers(0, 8)), PERIODS)
def test_the_pieces_are_what_was_asked_for(
    start: datetime,
    end: datetime,
    open_from: datetime,
    dirty_hours: list[tuple[int, int]],
    dirty_days: set[int],
    periods: Periods | None,
) -> None:
    dirty = {
        HOUR: together(span(n, n + length) for n, length in dirty_hours),
        DAY: together(span(24 * n, 24 * n + 24) for n in dirty_days),
    }
    found = pieces((start, end), down(open_from, HOUR), dirty, periods)
    parts = sorted([*found.days, *found.hours, *found.raw])
    assert together(parts) == ([(start, end)] if start < end else [])
    for step, spans in ((DAY, found.days), (HOUR, found.hours)):
        units = [
            first + n * step for first, last in spans for n in range(int((last - first) / step))
        ]
        assert all(down(unit, step) == unit for unit in units)
        assert not [unit for unit in units if any(a <= unit < b for a, b in dirty[step])]
        if periods:
            origin, length = periods.origin, periods.length
            assert all((unit - origin) % length + step <= length for unit in units)


def test_so_many_spans_that_a_statement_takes_them_are_left() -> None:
    many = [span(2 * n, 2 * n + (1 if n % 2 else 1.5)) for n in range(100)]
    found = longest(many)
    assert len(found) == MOST_SPANS
    assert found == sorted(found)
    assert set(many[::2]) <= set(found)
    dirty = {HOUR: [span(2 * n, 2 * n + 1) for n in range(200)], DAY: []}
    assert len(pieces(span(0, 400), LATER, dirty, None).raw) < 62


def test_spans_are_taken_from_spans() -> None:
    assert minus([span(0, 4), span(6, 8)], [span(1, 2), span(3, 7)]) == [
        span(0, 1),
        span(2, 3),
        span(7, 8),
    ]
    assert minus([span(0, 1)], [span(0, 1)]) == []


def test_spans_that_touch_or_overlap_are_one() -> None:
    many = [span(5, 6), span(0, 2), span(1, 3), span(2, 3), span(3, 4), span(0, 1)]
    assert together(many) == [span(0, 4), span(5, 6)]


def test_whole_hours_are_found_inside() -> None:
    assert whole([span(0.5, 0.9), span(1.2, 3.9)], HOUR, [], None) == [span(2, 3)]
    assert (down(at(1.5), HOUR), up(at(1.5), HOUR), up(at(2), HOUR)) == (at(1), at(2), at(2))
