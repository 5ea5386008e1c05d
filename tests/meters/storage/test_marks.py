"""What a delivery marks; times are hours of one day, and it is noon of the next."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from meters.storage.marks import FEW, of_samples
from tests.factories import make_sample

HOUR = timedelta(hours=1)
MIDNIGHT = datetime(2026, 3, 1, tzinfo=UTC)
NOON = MIDNIGHT + 36 * HOUR


def marked(*hours: float, series: Sequence[int] | None = None) -> list[tuple[int | None, int, int]]:
    """Series, first and last hour of each mark; the samples are all of series 1 unless said."""
    samples = [make_sample(1.0, MIDNIGHT + hour * HOUR) for hour in hours]
    found = of_samples(samples, series or [1] * len(hours), NOON)
    return [
        (number, (start - MIDNIGHT) // HOUR, (stop - MIDNIGHT) // HOUR)
        for number, start, stop in found
    ]


def test_an_open_hour_is_marked_for_all_series() -> None:
    assert marked(36.5, 37.5, 36.6) == [(None, 36, 37), (None, 37, 38)]


def test_few_series_are_marked_from_their_first_late_hour_of_a_day_to_the_last() -> None:
    assert marked(3.5) == [(1, 3, 4)]
    assert marked(9.5, 3.5, 4.9, 5) == [(1, 3, 10)]
    assert marked(1, 2, 3, series=[5, 4, 5]) == [(4, 2, 3), (5, 1, 4)]


def test_a_mark_ends_with_its_day_and_with_what_is_over() -> None:
    assert marked(22, 23.5, 24, 25, 35, 36) == [(None, 36, 37), (1, 22, 24), (1, 24, 36)]


def test_an_hour_of_many_series_is_marked_for_all() -> None:
    many = list(range(FEW + 1))
    assert marked(*[3.0] * len(many), series=many) == [(None, 3, 4)]
    assert marked(*[3.0] * len(many), 4.0, series=[*many, 7]) == [(None, 3, 4), (7, 4, 5)]


def test_the_last_hour_of_time_can_be_marked() -> None:
    end = datetime.max.replace(tzinfo=UTC)
    (mark,) = of_samples([make_sample(1.0, end)], [1], NOON)
    assert (mark.start, mark.stop) == (end.replace(minute=0, second=0, microsecond=0), end)
