"""Curves of rules beside their thresholds."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alarms import alarmpage, curves
from alarms.curves import Curve
from meters.pipelines import publish
from telemetry_site.core.identity.caller import Caller
from tests.alarms.made import make_alarm, make_threshold
from tests.alarms.sent import ADMIN, MEMBER, STRANGER
from tests.factories import MOMENT, make_sample

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = timedelta(minutes=1)


def drawn(rule: Any = None, caller: Caller = MEMBER, **named: Any) -> list[Curve]:
    defined = alarmpage.defined(make_alarm(rule, **named))
    return curves.curves(defined, caller, MOMENT, ask_prometheus=False)


def values(curve: Curve) -> list[float]:
    assert curve.chart
    return [one for one in curve.chart.lines[0].values if one is not None]


def feed(*volumes: float, **named: Any) -> None:
    """A sample a minute, the last one half a minute before noon."""
    count = len(volumes)
    moments = [MOMENT - (count - place - 0.5) * MINUTE for place in range(count)]
    publish([make_sample(value, at, **named) for value, at in zip(volumes, moments, strict=True)])


def test_it_draws_what_the_rounds_have_found() -> None:
    feed(10.0, 20.0, 90.0)
    (found,) = drawn()
    assert values(found) == [10.0, 20.0, 90.0]
    assert found.chart
    assert (found.threshold, found.chart.unit, found.chart.threshold) == ("70", "%", 70.0)
    assert found.chart.end - found.chart.start == 86_400


def test_a_stranger_sees_only_its_own_samples() -> None:
    feed(10.0)
    assert values(drawn(caller=STRANGER, project_id="p2")[0]) == []


def test_a_composite_rule_has_a_curve_for_each_rule_in_it() -> None:
    feed(10.0)
    leaves = [{**make_threshold(threshold=float(one)), "type": "threshold"} for one in range(6)]
    found = drawn({"or": leaves}, type="composite")
    assert [one.threshold for one in found] == ["0", "1", "2", "3"]
    assert "above 3" in found[3].title


@pytest.mark.parametrize("kind", ["event", "combination"])
def test_other_rules_have_none(kind: str) -> None:
    rules = {
        "event": {"event_type": "*", "query": []},
        "combination": {"operator": "and", "alarm_ids": ["a", "b"]},
    }
    assert drawn(rules[kind], type=kind) == []


def test_prometheus_waits_until_it_is_wanted() -> None:
    rule = {"query": "up", "comparison_operator": "gt", "threshold": 1.0}
    (found,) = drawn(rule, type="prometheus")
    assert (found.waits, found.chart) == (True, None)
    defined = alarmpage.defined(make_alarm(rule, type="prometheus", project_id="admin"))
    (asked,) = curves.curves(defined, ADMIN, MOMENT, ask_prometheus=True)
    assert (asked.problem, asked.waits, asked.chart is not None) == ("", False, True)


def test_what_is_too_much_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alarms.replay.MOST_CELLS", 2)
    feed(10.0, 20.0, 90.0)
    rule = {
        "metric": "cpu_util", "query": '{"=": {"id": "vm-1"}}', "resource_type": "instance",
        "aggregation_method": "mean", "granularity": 60, "evaluation_periods": 1,
        "comparison_operator": "gt", "threshold": 5.0,
    }  # fmt: skip
    (found,) = drawn(rule, type="gnocchi_aggregation_by_resources_threshold")
    assert found.chart is None
    assert "Name fewer resources" in found.problem


def test_a_unit_is_named_where_there_is_but_one() -> None:
    feed(1.0)
    rule = alarmpage.defined(make_alarm()).rule
    assert curves.unit(rule, MEMBER) == "%"
    assert curves.unit(replace(rule, statistic="count"), MEMBER) == ""  # type: ignore[type-var]
    assert curves.unit(rule, STRANGER) == ""
    feed(1.0, unit="share", resource="vm-2")
    assert curves.unit(rule, MEMBER) == ""
