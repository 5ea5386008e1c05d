import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alarms.rules.gnocchi import (
    AggregationByMetricsRule,
    AggregationByResourcesRule,
    GnocchiRule,
    ResourcesRule,
)
from alarms.rules.rule import Points, Summaries
from alarms.states import Standing
from meters.windows import Point, Stretch, Summary
from telemetry_site.core.clock import EPOCH
from telemetry_site.core.errors import BadRequest
from telemetry_site.core.query.tree import And, Compare

NOW = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
COMMON = {"threshold": 5, "comparison_operator": "gt", "aggregation_method": "mean"}
OF_ONE = {**COMMON, "metric": "cpu", "resource_id": "vm-1", "resource_type": "instance"}
OF_MANY = {**COMMON, "metric": "cpu", "resource_type": "instance", "query": '{"=": {"id": "vm-1"}}'}
BY_METRICS = {**COMMON, "metrics": ["cpu", "vm-1/cpu", "cpu"]}
ONE = And((Compare("meter", "=", "cpu"), Compare("resource", "=", "vm-1")))
SORTS: list[tuple[type[GnocchiRule], dict[str, Any]]] = [
    (ResourcesRule, OF_ONE),
    (AggregationByMetricsRule, BY_METRICS),
    (AggregationByResourcesRule, OF_MANY),
]


@pytest.mark.parametrize(("kind", "given"), SORTS)
def test_what_is_shown_reads_as_the_same(kind: type[GnocchiRule], given: dict[str, Any]) -> None:
    made = kind.read(given)
    shown = made.shown()
    assert shown == {**given, "threshold": 5.0, "evaluation_periods": 1, "granularity": 60}
    assert kind.read(shown) == made == kind.stored(shown)
    assert made.description() == f"{kind.type} alarm rule"


def test_buckets_are_those_of_the_epoch() -> None:
    start = NOW - 3 * MINUTE
    (asked,) = ResourcesRule.read({**OF_ONE, "evaluation_periods": 2}).questions(NOW)
    assert asked == Summaries(ONE, Stretch(start, NOW, 60, EPOCH), by_resource=True)


def test_samples_are_asked_for_where_buckets_say_too_little() -> None:
    median = {**OF_ONE, "aggregation_method": "median"}
    assert ResourcesRule.read(median).questions(NOW) == [Points(ONE, NOW - 2 * MINUTE, NOW)]
    rate = {**OF_ONE, "aggregation_method": "rate:mean"}
    assert ResourcesRule.read(rate).questions(NOW) == [Points(ONE, NOW - 3 * MINUTE, NOW)]


def test_metrics_are_meters_or_a_meter_of_a_resource() -> None:
    made = AggregationByMetricsRule.read(BY_METRICS)
    asked = made.questions(NOW)
    assert [one.where for one in asked if isinstance(one, Summaries)] == [
        Compare("meter", "=", "cpu"),
        ONE,
    ]
    assert made.asks == 2


def test_the_last_periods_count_the_partial_one_among_them() -> None:
    rows = [
        Summary("vm-1", NOON - 2 * MINUTE, 1, 9.0, 9.0, 9.0, 0.0),
        Summary("vm-1", NOON - MINUTE, 2, 12.0, 5.0, 7.0, 2.0),
        Summary("vm-1", NOON, 1, 8.0, 8.0, 8.0, 0.0),
    ]
    made = ResourcesRule.read({**OF_ONE, "evaluation_periods": 2})
    found = made.decide([rows], Standing("ok"), NOW)
    assert found is not None
    assert (
        found.reason == "Transition to alarm due to 2 samples outside threshold, most recent: 8.0"
    )


def test_a_rate_of_a_counter() -> None:
    """1 and 7 in the minute before noon, 11 after it: differences of 6 and 4."""
    rows = [
        Point("vm-1", NOON - timedelta(seconds=80), 0.0),
        Point("vm-1", NOON - timedelta(seconds=50), 1.0),
        Point("vm-1", NOON - timedelta(seconds=20), 7.0),
        Point("vm-1", NOON + timedelta(seconds=10), 11.0),
    ]
    made = ResourcesRule.read(
        {**OF_ONE, "aggregation_method": "rate:mean", "evaluation_periods": 2}
    )
    assert made.values([rows], NOW) == [3.5, 4.0]


def test_without_points_there_are_no_data() -> None:
    found = ResourcesRule.read(OF_ONE).decide([[]], Standing("ok"), NOW)
    assert found is not None
    assert (found.state, found.reason) == (
        "insufficient data",
        "No datapoint for granularity 60",
    )


def test_a_query_is_narrowed_once() -> None:
    made = AggregationByResourcesRule.read(OF_MANY).scoped("p1")
    wanted = {"and": [{"=": {"created_by_project_id": "p1"}}, {"=": {"id": "vm-1"}}]}
    assert json.loads(made.query) == wanted
    assert made.scoped("p1") == made
    (asked,) = made.questions(NOW)
    assert isinstance(asked, Summaries)
    assert asked.where == And(
        (
            Compare("meter", "=", "cpu"),
            Compare("project", "=", "p1"),
            Compare("resource", "=", "vm-1"),
        )
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"aggregation_method": "avg"}, "aggregation_method should be in ['mean', "),
        ({"granularity": 0}, "granularity. Value: '0'. Value should be greater or equal to 1"),
        ({"granularity": 31_536_001}, "Value should be lower or equal to 31536000"),
        ({"evaluation_periods": 101}, "Value should be lower or equal to 100"),
        ({"query": "no"}, "Invalid input for field/attribute rule/query. Value: 'no'. "),
        ({"resource_type": None}, "resource_type. Value: 'None'. Mandatory field missing."),
    ],
)
def test_it_says_what_is_wrong(change: dict[str, Any], says: str) -> None:
    with pytest.raises(BadRequest) as error:
        AggregationByResourcesRule.read({**OF_MANY, **change})
    assert says in str(error.value)


def test_it_says_what_it_is() -> None:
    assert ResourcesRule.read(OF_ONE).sentence() == (
        "The mean of cpu of vm-1 is above 5 over 1 minute."
    )
    assert AggregationByMetricsRule.read(BY_METRICS).sentence() == (
        "The mean of cpu, vm-1/cpu, cpu together is above 5 over 1 minute."
    )
    assert AggregationByResourcesRule.read(OF_MANY).sentence() == (
        'The mean of cpu of all resources with {"=": {"id": "vm-1"}} is above 5 over 1 minute.'
    )
