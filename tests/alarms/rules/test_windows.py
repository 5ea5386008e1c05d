"""Windows of thresholds, and what is left of their buckets."""

from datetime import UTC, datetime, timedelta

from alarms.rules.windows import Bucket, kept, window

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def buckets(*counts: int) -> list[Bucket]:
    """A bucket for each count; its value is its place."""
    return [
        Bucket(NOW + timedelta(minutes=place), count, place) for place, count in enumerate(counts)
    ]


def values(found: list[Bucket]) -> list[float]:
    """Their values."""
    return [bucket.value for bucket in found]


def test_one_period_more_may_be_missing() -> None:
    assert window(NOW, 60, 5) == (NOW - timedelta(minutes=6), NOW, 60)
    assert window(NOW, 60, 5, exclude_outliers=True).start == NOW - timedelta(minutes=10)


def test_the_last_ones_are_kept() -> None:
    assert values(kept(buckets(1, 1, 1, 1), 3)) == [1, 2, 3]
    assert values(kept(buckets(1, 1), 3)) == [0, 1]
    assert kept([], 3, exclude_outliers=True) == []


def test_sparse_and_dense_ones_are_outliers() -> None:
    # Nine of 10 and one of 1: mean 9.1, deviation 2.7; 1 is below 3.7.
    assert values(kept(buckets(*[10] * 9, 1), 5, exclude_outliers=True)) == [4, 5, 6, 7, 8]
    # Nine of 10 and one of 30: mean 12, deviation 6; 30 is above 24.
    assert values(kept(buckets(30, *[10] * 9), 10, exclude_outliers=True)) == [*range(1, 10)]


def test_equal_ones_are_none() -> None:
    assert values(kept(buckets(5, 5, 5), 3, exclude_outliers=True)) == [0, 1, 2]


def test_what_is_just_two_deviations_away_is_in() -> None:
    """Of 3 6 6 6 6 the mean is 5.4 and the deviation 1.2."""
    assert values(kept(buckets(3, 6, 6, 6, 6), 5, exclude_outliers=True)) == [0, 1, 2, 3, 4]
