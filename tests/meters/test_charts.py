"""Statistics as the lines of a chart."""

from datetime import UTC, datetime, timedelta

import pytest

from meters.charts import Chart, chart, joined, largest
from meters.questions import GroupKey, Shown
from meters.ranges import Range
from meters.statistics import Statistics

START = datetime(2026, 3, 1, tzinfo=UTC)
EPOCH = int(START.timestamp())
MINUTE = timedelta(minutes=1)


def row(minute: int, value: float | None, key: GroupKey = (), unit: str = "%") -> Statistics:
    start = START + minute * MINUTE
    end = start + MINUTE
    return Statistics(unit, key, value, value, value, value, 3, start, end, start, end)


def drawn(
    *rows: Statistics, groups: tuple[GroupKey, ...] = ((),), show: Shown = "avg", minutes: int = 5
) -> Chart:
    return chart(rows, groups, Range(START, START + minutes * MINUTE), 60, show)


def test_it_gives_every_period_a_time() -> None:
    assert drawn(row(0, 1.0)).times == [EPOCH + 60 * n for n in range(5)]


def test_it_leaves_gaps_as_gaps_and_no_zeros() -> None:
    assert drawn(row(0, 1.0), row(3, 0.0)).lines[0].values == [1.0, None, None, 0.0, None]


def test_it_keeps_the_order_of_the_groups() -> None:
    found = drawn(row(0, 1.0, ("a",)), row(0, 2.0, (None,)), groups=((None,), ("a",)))
    assert [(line.label, line.values[0]) for line in found.lines] == [("(none)", 2.0), ("a", 1.0)]


def test_it_leaves_out_groups_that_are_not_asked_for() -> None:
    assert [line.label for line in drawn(row(0, 1.0, ("b",)), groups=(("a",),)).lines] == ["a"]


def test_it_draws_in_the_multiple_of_the_largest_number() -> None:
    found = drawn(row(0, 3 * 2.0**20, unit="B"), row(1, 2.0**19, unit="B"))
    assert (found.unit, found.lines[0].values[:2]) == ("MiB", [3.0, 0.5])


def test_it_draws_counts_without_a_unit() -> None:
    found = drawn(row(0, 5.0, unit="B"), show="count")
    assert (found.unit, found.lines[0].values[0]) == ("", 3.0)


def test_it_draws_nothing_as_nothing() -> None:
    found = drawn()
    assert (found.unit, found.lines[0].values) == ("", [None] * 5)


def test_it_has_a_last_period_that_the_range_cuts_short() -> None:
    found = chart([], [()], Range(START, START + timedelta(seconds=90)), 60, "avg")
    assert found.times == [EPOCH, EPOCH + 60]


def test_it_can_be_sent_to_a_page() -> None:
    assert drawn(row(0, 1.0), minutes=1).as_json() == {
        "start": EPOCH,
        "end": EPOCH + 60,
        "period": 60,
        "unit": "%",
        "times": [EPOCH],
        "lines": [{"label": "All", "values": [1.0], "joined": 1}],
    }


def test_it_finds_the_largest_groups_first_and_those_without_a_number_last() -> None:
    rows = [row(0, None, ("x",)), row(0, 1.0, ("b",)), row(0, 5.0, ("c",)), row(0, 1.0, ("a",))]
    assert [found.groupby[0] for found in largest(rows, "max")] == ["c", "a", "b", "x"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], 1),
        ([1.0], 1),
        ([1.0, 1.0, 1.0, None, None, None, 1.0], 1),
        ([1.0, None, 1.0, None, 1.0], 3),
        ([1.0, None, None, None, None, 1.0, None, None, None, None, 1.0], 7),
    ],
)
def test_it_knows_how_often_something_is_measured(
    values: list[float | None], expected: int
) -> None:
    assert joined(values) == expected
