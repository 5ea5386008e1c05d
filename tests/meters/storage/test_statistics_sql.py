"""Statistics: golden files, and a slow reference for whatever else may be asked."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meters.models import DayRollup, HourRollup, RollupMark, StoredSample
from meters.rollups import roll_up
from meters.samples import Sample
from meters.selection import Bound, Selection
from meters.statistics import Aggregate, Grouping, StatisticsQuery
from meters.storage.store import store
from telemetry_site.core import clock
from telemetry_site.core.query.tree import And, Compare
from tests.factories import MOMENT, make_sample
from tests.keeping import keep
from tests.meters.storage import golden, reference
from tests.statements import sent

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("samples", "query", "expected"),
    [case[1:] for case in golden.cases()],
    ids=[case[0] for case in golden.cases()],
)
def test_golden(
    samples: list[Sample], query: StatisticsQuery, expected: list[dict[str, Any]]
) -> None:
    keep(samples)
    found = [golden.brief(row) for row in store().statistics(query)]
    assert len(found) == len(expected)
    for row, wanted in zip(found, expected, strict=True):
        assert {key: close(row[key]) for key in wanted} == wanted


def close(value: Any) -> Any:
    """A number that equals what is almost the same."""
    return pytest.approx(value, rel=1e-9) if isinstance(value, float) else value


VOLUMES = st.one_of(
    st.none(),
    st.integers(-(2**20), 2**20).map(lambda n: n / 8),
    st.integers(10**11, 10**11 + 1000).map(float),
)
SAMPLES = st.builds(
    lambda volume, second, **named: make_sample(
        volume, MOMENT + timedelta(seconds=second, microseconds=second % 7), **named
    ),
    VOLUMES,
    st.integers(-200_000, 200_000) | st.integers(0, 60),
    unit=st.sampled_from(("B", None, "")),
    resource=st.sampled_from(("a", "B")),
    project=st.sampled_from(("p1", "P2", None, "")),
    user=st.sampled_from(("u1", None)),
    source=st.sampled_from(("s", None)),
    metadata=st.sampled_from(({}, {"instance_type": "m1"}, {"instance_type": "m2", "n": 1})),
)
MOMENTS = st.integers(-210_000, 210_000).map(lambda second: MOMENT + timedelta(seconds=second))
BOUNDS = st.none() | st.builds(Bound, MOMENTS, st.booleans())
WHERE = st.sampled_from(
    (
        And(),
        Compare("project", "=", "p1"),
        Compare("metadata", "=", "m1", ("instance_type",)),
        And((Compare("resource", "=", "a"), Compare("metadata", "=", 1, ("n",)))),
    )
)
GROUPINGS: tuple[Grouping, ...] = ("user", "resource", "project", "source", "instance_type")
QUERIES = st.builds(
    StatisticsQuery,
    st.builds(Selection, WHERE, BOUNDS, BOUNDS),
    period=st.sampled_from((0, 1, 7, 600, 3_600, 5_400, 7_200, 86_400, 100_000)),
    origin=st.none() | MOMENTS,
    groupby=st.lists(st.sampled_from(GROUPINGS), unique=True, max_size=3).map(tuple),
    aggregates=st.just(
        (Aggregate("stddev"), Aggregate("cardinality", "project"), Aggregate("cardinality", "user"))
    ),
)
REPEATED = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


def empty() -> None:
    for model in (StoredSample, HourRollup, DayRollup, RollupMark):
        model.objects.all().delete()


@REPEATED
@given(st.lists(SAMPLES, max_size=25), st.lists(QUERIES, min_size=1, max_size=4))
def test_it_equals_the_slow_reference(
    samples: list[Sample], queries: list[StatisticsQuery]
) -> None:
    empty()
    keep(samples)
    for query in queries:
        reference.assert_equal(store().statistics(query), reference.statistics(samples, query))


@REPEATED
@given(
    st.lists(st.tuples(st.lists(SAMPLES, max_size=9), st.booleans()), max_size=4),
    st.lists(QUERIES, min_size=1, max_size=4),
)
def test_it_equals_the_slow_reference_whatever_is_rolled_up_by_then(
    deliveries: list[tuple[list[Sample], bool]], queries: list[StatisticsQuery]
) -> None:
    """Each delivery is late for the rollups made before it; some come twice."""
    empty()
    samples: list[Sample] = []
    for delivery, rolled_up in deliveries:
        samples += delivery
        keep(delivery)
        if rolled_up:
            roll_up(clock.now())
            keep(delivery)
        for query in queries:
            reference.assert_equal(store().statistics(query), reference.statistics(samples, query))


def test_thirteen_years_of_short_periods_take_one_statement_and_no_time() -> None:
    start = datetime(2013, 1, 1, tzinfo=UTC)
    keep([make_sample(n, start + timedelta(days=500 * n)) for n in range(10)])
    whole = Selection(start=Bound(start, inclusive=True))
    query = StatisticsQuery(whole, 600, start, ("project",), (Aggregate("stddev"),))
    with sent() as statements:
        rows = store().statistics(query)
    assert len(statements) == 1
    assert [row.period_start for row in rows] == [
        start + timedelta(days=500 * n) for n in range(10)
    ]


def test_it_takes_at_most_two_statements_to_find_the_earliest_sample_too() -> None:
    keep([make_sample(n) for n in range(3)])
    where = Compare("metadata", "=", "x", ("instance_type",))
    extra = (Aggregate("max"), Aggregate("stddev"), Aggregate("cardinality", "resource"))
    for selection in (Selection(), Selection(where)):
        with sent() as statements:
            store().statistics(StatisticsQuery(selection, 600, None, ("project",), extra))
        assert len(statements) <= 2


@pytest.mark.parametrize(
    "origin", [None, datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)]
)
@pytest.mark.parametrize("period", [1, 10**9, 10**12, 10**18, 10**30])
def test_no_period_and_no_origin_is_too_much(period: int, origin: datetime | None) -> None:
    keep([make_sample(), make_sample(timestamp=datetime(9999, 12, 31, tzinfo=UTC))])
    rows = store().statistics(StatisticsQuery(Selection(), period, origin))
    assert sum(row.count for row in rows) == 2
