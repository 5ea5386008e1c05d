from datetime import UTC, datetime
from typing import Any

import pytest

from alarms.rules.rule import Failure, Summaries
from alarms.rules.threshold import ThresholdRule
from alarms.states import Standing, State
from meters.windows import Stretch, Summary
from telemetry_site.core.errors import BadRequest, NotAuthorized, UnknownArgument
from telemetry_site.core.query.tree import And, Compare

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SHORT = {"meter_name": "cpu_util", "threshold": 70}
MINE = {"field": "project_id", "op": "eq", "value": "p1"}


def bucket(minute: int, samples: int, total: float, low: float, high: float) -> Summary:
    return Summary(None, NOON.replace(hour=11, minute=minute), samples, total, low, high, 0.0)


def rule(**changes: Any) -> ThresholdRule:
    return ThresholdRule.read({**SHORT, **changes})


def test_it_shows_all_keys_with_their_defaults() -> None:
    assert list(rule().shown().items()) == [
        ("meter_name", "cpu_util"),
        ("query", []),
        ("period", 60),
        ("evaluation_periods", 1),
        ("comparison_operator", "eq"),
        ("threshold", 70.0),
        ("statistic", "avg"),
        ("exclude_outliers", False),
    ]


@pytest.mark.parametrize(
    "item",
    [
        {"field": "resource_id", "value": "vm-1"},
        {"field": "metadata.metering.stack", "op": "eq", "value": "7", "type": "integer"},
        {"field": "source", "op": "", "value": "x", "type": ""},
    ],
)
def test_what_is_shown_reads_as_the_same(item: dict[str, str]) -> None:
    made = rule(query=[item], period="120", exclude_outliers="true", statistic="max")
    assert ThresholdRule.read(made.shown()) == made
    assert ThresholdRule.stored(made.shown()) == made


def test_it_asks_for_buckets_that_begin_at_the_start_of_the_window() -> None:
    items = [
        {"field": "resource", "op": "eq", "value": "vm-1"},
        {"field": "metadata.metering.size", "op": "eq", "value": "7", "type": "integer"},
    ]
    start = datetime(2026, 3, 1, 11, 56, tzinfo=UTC)
    where = And(
        (
            Compare("meter", "=", "cpu_util"),
            Compare("resource", "=", "vm-1"),
            Compare("metadata", "=", 7, ("metering", "size")),
        )
    )
    (asked,) = rule(query=items, evaluation_periods=3).questions(NOON)
    assert asked == Summaries(where, Stretch(start, NOON, 60, start))


def test_without_outliers_it_looks_back_as_far_again() -> None:
    (asked,) = rule(evaluation_periods=5, exclude_outliers=True).questions(NOON)
    assert isinstance(asked, Summaries)
    assert asked.stretch.start == datetime(2026, 3, 1, 11, 50, tzinfo=UTC)


@pytest.mark.parametrize(
    ("statistic", "value"), [("avg", 2.5), ("max", 4.0), ("min", 1.0), ("sum", 5.0), ("count", 2.0)]
)
def test_each_statistic(statistic: str, value: float) -> None:
    found = rule(statistic=statistic).values([[bucket(58, 2, 5.0, 1.0, 4.0)]], NOON)
    assert found == [value]


def test_the_last_periods_count() -> None:
    buckets = [bucket(minute, 1, float(minute), 0, 0) for minute in (56, 57, 59)]
    assert rule(evaluation_periods=2).values([buckets], NOON) == [57.0, 59.0]


@pytest.mark.parametrize(
    ("state", "after"), [("insufficient data", "alarm"), ("ok", None), ("alarm", None)]
)
def test_out_of_no_data_the_newest_leads(state: State, after: str | None) -> None:
    buckets = [bucket(58, 1, 60.0, 0, 0), bucket(59, 1, 80.0, 0, 0)]
    made = rule(evaluation_periods=2, comparison_operator="gt")
    found = made.decide([buckets], Standing(state), NOON)
    assert (found.state if found else None) == after


def test_a_question_that_fails_is_missing_data() -> None:
    found = rule().decide([Failure("no such thing")], Standing("ok"), NOON)
    assert found is not None
    assert (found.state, found.reason) == (
        "insufficient data",
        "alarm statistics retrieval failed: no such thing",
    )


def test_it_is_narrowed_to_a_project_once() -> None:
    made = rule().scoped("p1")
    assert made.shown()["query"] == [MINE]
    assert made.scoped("p1") == made
    assert ThresholdRule.stored(made.shown()) == made
    with pytest.raises(NotAuthorized) as error:
        made.scoped("p2")
    assert str(error.value) == "Not Authorized to access project p1"


@pytest.mark.parametrize(
    ("item", "says"),
    [
        ({"field": "timestamp", "value": "2026"}, 'Unknown argument: "timestamp": not valid for'),
        (
            {"field": "nothing", "value": "x"},
            'Unknown argument: "nothing": unrecognized field in query: ',
        ),
        (
            {"field": "resource_id", "op": "ne", "value": "x"},
            "attribute op. Value: 'ne'. unimplemented operator for resource_id",
        ),
        ({"value": "x"}, "field. Value: 'None'. Mandatory field missing."),
        ({"field": "user_id"}, "value. Value: 'None'. Mandatory field missing."),
        ({"field": "user_id", "value": 5}, "value. Value: '5'. Wrong type."),
        (
            {"field": "metadata.a", "value": "x", "type": "integer"},
            "Unable to convert the value x to the expected data type integer.",
        ),
        ({"field": "user", "value": "x", "z": 1}, "Unknown attribute for argument "),
    ],
)
def test_it_says_what_is_wrong_with_a_condition(item: dict[str, Any], says: str) -> None:
    with pytest.raises((BadRequest, UnknownArgument)) as error:
        rule(query=[item])
    assert says in str(error.value)


def test_it_says_what_it_is() -> None:
    made = rule(comparison_operator="gt", period=600, evaluation_periods=3).scoped("p1")
    assert made.description() == "Alarm when cpu_util is gt a avg of 70.0 over 600 seconds"
    assert made.sentence() == (
        "The average of cpu_util is above 70 over 10 minutes, 3 times in a row, where project_id "
        "is p1."
    )
    assert made.meter == "cpu_util"
