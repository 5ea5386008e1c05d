from datetime import UTC, datetime

import pytest

from alarms.rules.prometheus import PrometheusRule
from alarms.rules.rule import Instant
from alarms.states import Standing
from telemetry_site.core.errors import BadRequest, Forbidden

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SHORT = {"query": "up == 0", "threshold": "1", "comparison_operator": "ge"}


def test_it_asks_its_query() -> None:
    made = PrometheusRule.read(SHORT)
    assert made.questions(NOON) == (Instant("up == 0"),)
    shown = {"comparison_operator": "ge", "threshold": 1.0, "query": "up == 0"}
    assert made.shown() == shown
    assert PrometheusRule.stored(shown) == made == PrometheusRule.read(shown)


def test_it_is_for_those_who_may_see_all() -> None:
    with pytest.raises(Forbidden) as error:
        PrometheusRule.read(SHORT).scoped("p1")
    assert str(error.value).startswith("A query of Prometheus cannot be confined to a project")


def test_every_series_is_a_value() -> None:
    found = PrometheusRule.read(SHORT).decide([[2.0, 1.0]], Standing("ok"), NOON)
    assert found is not None
    assert (
        found.reason == "Transition to alarm due to 2 samples outside threshold, most recent: 1.0"
    )
    assert PrometheusRule.read(SHORT).decide([[2.0, 0.0]], Standing("ok"), NOON) is None


def test_without_series_there_are_no_data() -> None:
    found = PrometheusRule.read(SHORT).decide([[]], Standing("ok"), NOON)
    assert found is not None
    assert (found.state, found.reason) == ("insufficient data", "datapoints are unknown")


def test_it_has_no_periods() -> None:
    with pytest.raises(BadRequest) as error:
        PrometheusRule.read({**SHORT, "evaluation_periods": 3})
    assert str(error.value) == (
        "Unknown attribute for argument data.prometheus_rule: evaluation_periods"
    )
