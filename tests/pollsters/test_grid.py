"""Slots: what a poll stands for, when the next one is, and what went by."""

from datetime import UTC, datetime

import pytest

from pollsters import grid


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-01T{text}").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "interval", "expected"),
    [
        ("12:00:00", 60, "12:01:00"),
        ("12:00:45", 60, "12:01:00"),
        ("12:00:59.999999", 60, "12:01:00"),
        ("12:07:00", 600, "12:10:00"),
        ("12:00:03", 7, "12:00:07"),
    ],
)
def test_it_finds_the_next_multiple_of_the_interval(
    after: str, interval: int, expected: str
) -> None:
    assert grid.next_slot(at(after), interval) == at(expected)


def test_it_does_not_drift_however_late_each_poll_begins() -> None:
    slot = at("12:00:00")
    for _ in range(1000):
        slot = grid.next_slot(slot, 7)
    assert (slot - grid.next_slot(at("12:00:00"), 7)).total_seconds() == 999 * 7


@pytest.mark.parametrize(
    ("interval", "now", "expected"),
    [
        (60, "12:00:01.5", "12:00:00"),
        (60, "12:00:59.9", "12:00:00"),
        (60, "12:01:00", "12:01:00"),
        (60, "12:10:30.7", "12:10:30"),
        (10, "12:00:11", "12:00:11"),
        (3600, "12:40:00", "12:40:00"),
    ],
)
def test_it_gives_a_late_poll_the_present_as_its_time(
    interval: int, now: str, expected: str
) -> None:
    assert grid.slot_at(at("12:00:00"), interval, at(now)) == at(expected)


@pytest.mark.parametrize(
    ("due", "slot", "expected"),
    [
        ("12:01:00", "12:01:00", 0),
        ("12:01:00", "12:10:30", 10),
        ("12:01:00", "12:10:00", 9),
        ("12:00:45", "12:02:30", 2),
        ("12:00:45", "12:00:50", 0),
    ],
)
def test_it_counts_the_slots_that_went_by(due: str, slot: str, expected: int) -> None:
    assert grid.missed(at(due), at(slot), 60) == expected
