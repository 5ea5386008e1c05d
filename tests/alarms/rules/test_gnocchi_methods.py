from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import sqrt

import pytest

from alarms.rules.gnocchi_methods import (
    Method,
    all_methods,
    bucket_of,
    method,
    of_points,
    of_summaries,
)
from meters.windows import Point, Summary
from telemetry_site.core.clock import EPOCH

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NEXT = NOON + timedelta(minutes=1)


def points(resource: str, *pairs: tuple[int, float]) -> list[Point]:
    """Points so many seconds after noon."""
    return [Point(resource, NOON + timedelta(seconds=at), value) for at, value in pairs]


def found(name: str, given: Sequence[Point], start: datetime = NOON) -> dict[datetime, float]:
    """Of one metric where there is one, else of several."""
    wanted = method(name)
    assert wanted is not None
    several = len({one.resource for one in given}) > 1
    return dict(of_points(wanted, [given], start, bucket_of(60, EPOCH), several=several))


# 8 and 2 in the first minute, 5, 1 and 3 in the second.
ONE = points("a", (0, 8.0), (30, 2.0), (60, 5.0), (70, 1.0), (119, 3.0))


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("mean", 5.0, 3.0),
        ("min", 2.0, 1.0),
        ("max", 8.0, 5.0),
        ("sum", 10.0, 9.0),
        ("count", 2.0, 3.0),
        ("std", sqrt(18), 2.0),
        ("median", 5.0, 3.0),
        ("first", 8.0, 5.0),
        ("last", 2.0, 3.0),
        ("25pct", 3.5, 2.0),
        ("75pct", 6.5, 4.0),
    ],
)
def test_each_method_within_a_metric(name: str, first: float, second: float) -> None:
    assert found(name, ONE) == pytest.approx({NOON: first, NEXT: second})


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [("rate:mean", -6.0, 1 / 3), ("rate:max", -6.0, 3.0), ("rate:sum", -6.0, 1.0)],
)
def test_a_rate_is_of_neighbours_and_belongs_to_the_later(
    name: str, first: float, second: float
) -> None:
    """Differences are -6 in the first minute, and 3, -4 and 2 in the second."""
    assert found(name, ONE) == pytest.approx({NOON: first, NEXT: second})


def test_a_rate_is_compared_with_what_came_before_the_start() -> None:
    assert found("rate:last", ONE, NEXT) == {NEXT: 2.0}
    assert found("rate:first", ONE, NEXT) == {NEXT: 3.0}
    assert found("first", ONE, NEXT) == {NEXT: 5.0}


def test_one_value_has_no_deviation() -> None:
    assert found("std", points("a", (0, 8.0), (60, 2.0), (61, 4.0))) == {NEXT: sqrt(2)}


# The second metric has a gap in the first minute.
TWO = [*ONE, *points("b", (80, 11.0), (90, 13.0))]


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("mean", 7.5),  # of 3 and 12
        ("min", 1.0),
        ("max", 13.0),
        ("sum", 33.0),
        ("count", 2.0),  # metrics
        ("std", (2.0 - sqrt(2)) / 2),  # of 2 and the root of 2, divided by their number
        ("median", 7.5),
        ("first", 5.0),  # the earliest of all
        ("last", 3.0),
        ("75pct", 4.0 + 0.75 * (12.5 - 4.0)),
    ],
)
def test_each_method_across_metrics(name: str, second: float) -> None:
    assert found(name, TWO)[NEXT] == pytest.approx(second)
    assert NOON in found(name, TWO)


@pytest.mark.parametrize(("name", "value"), [("count", 1.0), ("std", 0.0), ("mean", 3.0)])
def test_one_metric_is_put_together_with_none(name: str, value: float) -> None:
    given = of_points(Method(name, rate=False), [ONE], NOON, bucket_of(60, EPOCH))
    assert given[NEXT] == value


def test_two_meters_of_a_resource_are_two_metrics() -> None:
    """A mean of 3 and of 12, and the differences of each by itself."""
    mean, rate = Method("mean", rate=False), Method("sum", rate=True)
    given = [ONE, points("a", (80, 11.0), (90, 13.0))]
    assert of_points(mean, given, NOON, bucket_of(60, EPOCH))[NEXT] == 7.5
    assert of_points(rate, given, NOON, bucket_of(60, EPOCH))[NEXT] == 3.0
    buckets = [
        [Summary("a", NEXT, 3, 9.0, 1.0, 5.0, 8.0)], [Summary("a", NEXT, 2, 24.0, 11.0, 13.0, 2.0)],
    ]  # fmt: skip
    assert of_summaries(mean, buckets) == {NEXT: 7.5}


def test_summed_up_buckets_say_the_same() -> None:
    buckets = [
        Summary("a", NOON, 2, 10.0, 2.0, 8.0, 18.0),
        Summary("a", NEXT, 3, 9.0, 1.0, 5.0, 8.0),
        Summary("b", NEXT, 2, 24.0, 11.0, 13.0, 2.0),
    ]
    for name in ("mean", "min", "max", "sum", "count", "std"):
        assert of_summaries(Method(name, rate=False), [buckets]) == pytest.approx(found(name, TWO))


@pytest.mark.parametrize("name", ["avg", "0pct", "100pct", "rate:", "rate:rate:mean", "Mean", ""])
def test_there_is_no_other_method(name: str) -> None:
    assert method(name) is None


def test_all_methods_are_known() -> None:
    names = all_methods()
    assert len(names) == len(set(names)) == 2 * (9 + 99)
    assert all(method(name) is not None and method(name).text == name for name in names)  # type: ignore[union-attr]
