"""The roll-up: what it makes, what it leaves, and what happens when it is stopped or killed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest
from django.db import connection

from meters.models import DayRollup, HourRollup, RollupMark, StoreState
from meters.rollups import roll_up
from meters.samples import Sample
from meters.selection import Bound, Selection
from meters.statistics import Aggregate, StatisticsQuery
from meters.storage.store import store
from telemetry_site.core.storage.sql import Sql, run
from tests.factories import make_sample
from tests.keeping import keep
from tests.meters.storage import reference
from tests.statements import sent
from tests.stopping import Stoppable, killed_at

HOUR = timedelta(hours=1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOW = NOON + 48 * HOUR
VALUES = ("n", "total", "lowest", "highest", "squares", "first", "last")


def sample(minutes: float, volume: float | None, resource: str = "a") -> Sample:
    return make_sample(volume, NOON + timedelta(minutes=minutes), resource=resource)


def hours() -> list[tuple[Any, ...]]:
    rows = HourRollup.objects.order_by("series_id", "start").values_list("start", *VALUES)
    return [((start - NOON) / HOUR, *rest) for start, *rest in rows]


@pytest.mark.django_db
def test_it_says_what_the_samples_of_an_hour_say() -> None:
    keep([sample(30, 5.0), sample(0, 2.0), sample(59.99, None), sample(10, 2.0)])
    keep([sample(60, 7.0)])
    assert roll_up(NOW) == 3  # two hours and the day
    assert hours() == [(0, 3, 9, 2, 5, 6, 2, None), (1, 1, 7, 7, 7, 0, 7, 7)]
    ends = HourRollup.objects.order_by("start").values_list("earliest", "latest")[0]
    assert ends == (NOON, NOON + timedelta(minutes=59.99))
    assert not RollupMark.objects.exists()


@pytest.mark.django_db
def test_a_day_is_made_of_its_hours() -> None:
    keep([sample(60 * n, volume) for n, volume in enumerate((2.0, 2.0, 5.0, None))])
    keep([sample(60 * 12, 9.0)])
    roll_up(NOW)
    days = DayRollup.objects.order_by("start").values_list("start", *VALUES)
    assert list(days) == [
        (NOON - 12 * HOUR, 3, 9, 2, 5, 6, 2, None),
        (NOON + 12 * HOUR, 1, 9, 9, 9, 0, 9, 9),
    ]


@pytest.mark.django_db
def test_the_deviation_of_a_large_counter_keeps_its_digits() -> None:
    keep([sample(20 * n, 1e12 + n) for n in range(6)])
    roll_up(NOW)
    assert [row[5] for row in hours()] == [2, 2]
    assert DayRollup.objects.get().squares == pytest.approx(17.5)  # of 0 to 5: 6 * 35 / 12


@pytest.mark.django_db
def test_late_samples_make_their_hour_anew() -> None:
    keep([sample(0, 2.0), sample(90, 4.0)])
    roll_up(NOW)
    keep([sample(30, 6.0)])
    assert RollupMark.objects.values_list("step", "series_id").get()[0] == 3600
    assert roll_up(NOW) == 2
    assert hours() == [(0, 2, 8, 2, 6, 8, 2, 6), (1, 1, 4, 4, 4, 0, 4, 4)]
    assert DayRollup.objects.values_list("n", "total", "squares").get() == (3, 12, 8)


@pytest.mark.django_db
def test_marks_that_overlap_count_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    keep([sample(0, 1.0), sample(120, 1.0)])
    keep([sample(60, 1.0), sample(180, 1.0)])
    assert RollupMark.objects.count() == 2
    roll_up(NOW)
    assert [row[:2] for row in hours()] == [(0, 1), (1, 1), (2, 1), (3, 1)]
    keep([sample(5, 1.0), sample(125, 1.0)])
    keep([sample(6, 1.0, f"{n}") for n in range(101)])  # marks the hour of all series
    monkeypatch.setattr("meters.storage.rollups.MOST_UNITS", 2)
    roll_up(NOW)
    assert [row[:2] for row in hours()][:4] == [(0, 2), (1, 1), (2, 2), (3, 1)]
    assert HourRollup.objects.count() == 4 + 101


@pytest.mark.django_db
def test_a_mark_waits_until_all_of_it_is_over() -> None:
    keep([sample(0, 1.0), sample(120, 1.0)])
    assert roll_up(NOON + 2.9 * HOUR) == 0  # here it is earlier than where it was written
    assert roll_up(NOON + 3 * HOUR) == 2
    assert not RollupMark.objects.filter(step=3600).exists()


@pytest.mark.django_db
def test_what_was_there_already_marks_nothing() -> None:
    samples = [sample(0, 2.0), sample(90, 4.0)]
    keep(samples)
    roll_up(NOW)
    assert keep(samples) == 0
    assert not RollupMark.objects.exists()
    assert roll_up(NOW) == 0


@pytest.mark.django_db
def test_an_hour_that_is_open_waits_with_one_mark() -> None:
    for minute in range(5):
        keep([sample(minute, 1.0)])
    assert RollupMark.objects.count() == 5
    assert roll_up(NOON + 0.5 * HOUR) == 0
    assert RollupMark.objects.count() == 1
    assert roll_up(NOON + HOUR) == 1
    assert hours() == [(0, 5, 5, 1, 1, 0, 1, 1)]
    assert not DayRollup.objects.exists()
    assert roll_up(NOON + 12 * HOUR) == 1


@pytest.mark.django_db
def test_what_its_samples_are_gone_from_stays_as_it_is() -> None:
    keep([sample(0, 2.0)])
    roll_up(NOW)
    midnight = NOON + 12 * HOUR
    StoreState.objects.create(id=1, kept_since=midnight)
    keep([sample(10, 5.0), sample(12 * 60 + 10, 4.0)])
    roll_up(NOW)
    assert hours() == [(0, 1, 2, 2, 2, 0, 2, 2), (12, 1, 4, 4, 4, 0, 4, 4)]
    assert not RollupMark.objects.exists()
    (row,) = store().statistics(StatisticsQuery(Selection(end=Bound(midnight, inclusive=False))))
    assert (row.count, row.sum) == (1, 2)


@pytest.mark.django_db
def test_many_hours_are_taken_some_at_a_time() -> None:
    keep([sample(60 * n, float(n), f"vm-{n % 7}") for n in range(200)])
    assert roll_up(NOW + 200 * HOUR) == 200 + 63
    assert [row[1] for row in hours()] == [1] * 200
    assert HourRollup.objects.count() == 200


WHOLE = StatisticsQuery(
    Selection(
        start=Bound(NOON - 13 * HOUR, inclusive=True), end=Bound(NOON + 40 * HOUR, inclusive=False)
    ),
    7200,
    NOON - 13 * HOUR,
    aggregates=(Aggregate("stddev"),),
)
TOTAL = StatisticsQuery(Selection(), groupby=("resource",))
BEFORE = [sample(17 * n, float(n * n % 13), "ab"[n % 2]) for n in range(90)]
LATE = [sample(17 * n + 3, float(n), "ab"[n % 2]) for n in range(0, 90, 7)]
NEWER = [sample(17 * n + 5, float(n), "ab"[n % 2]) for n in range(0, 90, 11)]


def compare(samples: Sequence[Sample]) -> None:
    """Statistics say what the samples say, now."""
    for query in (WHOLE, TOTAL):
        reference.assert_equal(store().statistics(query), reference.statistics(samples, query))


@pytest.mark.django_db
def test_rollups_are_what_answers() -> None:
    keep(BEFORE)
    roll_up(NOW)
    with sent() as statements:
        compare(BEFORE)
    assert len(statements) == 4
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sample WHERE timestamp IS NOT NULL")
    compare(BEFORE)


def begun() -> None:
    """Two deliveries of which one is rolled up, and nothing to be made but rollups."""
    keep(BEFORE)
    roll_up(NOW)
    keep(LATE)


@pytest.mark.django_db(transaction=True)
def test_answers_are_right_wherever_the_roll_up_stops() -> None:
    for number in count():
        if not number:
            begun()
        else:
            keep([make_sample(1.0, NOON + number * HOUR, resource="other")])
        rolling = Stoppable(partial(roll_up, NOW), number)
        stopped = rolling.start()
        others = [make_sample(1.0, NOON + n * HOUR, resource="other") for n in range(1, number + 1)]
        compare([*BEFORE, *LATE, *others])
        rolling.finish()
        compare([*BEFORE, *LATE, *others])
        if not stopped:
            break
    assert number > 8


@pytest.mark.django_db(transaction=True)
def test_answers_are_right_wherever_the_roll_up_is_killed() -> None:
    begun()
    for number in count():
        alive = not killed_at(partial(roll_up, NOW), number)
        compare([*BEFORE, *LATE])
        if alive:
            break
    assert number > 8
    assert not RollupMark.objects.exists()


def look() -> None:
    """A statement between the last of a writer and its commit."""
    run(Sql("SELECT 1"))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_answers_are_right_wherever_roll_up_and_writer_stop_together() -> None:
    """Every statement of the one beside every statement of the other, and either goes on first."""
    begun()
    samples = [*BEFORE, *LATE]
    for of_roll_up in count():
        for of_writer in count():
            fresh = [
                make_sample(1.0, NOON + n * HOUR, resource="other") for n in (of_writer, of_roll_up)
            ]
            rolling = Stoppable(partial(roll_up, NOW), of_roll_up)
            writing = Stoppable(partial(keep, fresh, closing=look), of_writer)
            both = rolling.start(), writing.start()
            compare(samples if both[1] else [*samples, *fresh])
            first, second = (
                (rolling, writing) if (of_roll_up + of_writer) % 2 else (writing, rolling)
            )
            first.finish()
            written = [*samples, *fresh]
            compare(written if first is writing or not both[1] else samples)
            second.finish()
            compare(written)
            samples = written
            if not both[1]:
                break
        if not both[0]:
            break
    assert (of_roll_up > 8, of_writer > 2) == (True, True)
    roll_up(NOW)
    compare(samples)
