"""What rules have found over the last day, to be drawn beside their thresholds."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from alarms import charts
from alarms.charts import Chart
from alarms.definition import Definition
from alarms.preview import Preview, preview
from alarms.rules.beyond import BeyondRule
from alarms.rules.composite import CompositeRule
from alarms.rules.prometheus import PrometheusRule
from alarms.rules.rule import Rule
from meters import queries
from telemetry_site.core.errors import TelemetryError
from telemetry_site.core.identity.caller import Caller

MOST: Final = 4


@dataclass(frozen=True, slots=True)
class Curve:
    """The values of a rule, or why they cannot be shown; `waits` for somebody to ask for them."""

    title: str
    threshold: str
    chart: Chart | None = None
    problem: str = ""
    waits: bool = False


def curves(
    definition: Definition, caller: Caller, now: datetime, *, ask_prometheus: bool
) -> list[Curve]:
    """A curve for each rule that has a threshold; of many rules, the first ones.

    Prometheus may take its time, and is asked only where that is wanted.
    """
    return [
        Curve(one.sentence(), "", waits=True)
        if isinstance(one, PrometheusRule) and not ask_prometheus
        else _curve(definition, one, caller, now)
        for one in list(_with_threshold(definition.rule))[:MOST]
    ]


def curve(found: Preview, rule: Rule, caller: Caller) -> Curve | None:
    """The curve of a preview; None where the rule has no threshold."""
    if not isinstance(rule, BeyondRule):
        return None
    drawn = charts.chart(
        found.line, rule.threshold, found.start, found.end, found.interval, unit(rule, caller)
    )
    return Curve(rule.sentence(), f"{rule.threshold:g}", drawn)


def unit(rule: Rule, caller: Caller) -> str:
    """The unit of the values, where there is but one."""
    meter = getattr(rule, "metric", rule.meter)
    counts = "count" in (getattr(rule, "statistic", ""), getattr(rule, "aggregation_method", ""))
    if meter is None or counts:
        return ""
    rows = queries.series(caller).filter(meter=meter)
    units = list(rows.values_list("unit", flat=True).order_by("unit").distinct()[:2])
    return units[0] or "" if len(units) == 1 else ""


def _with_threshold(rule: Rule) -> Iterator[BeyondRule]:
    leaves = rule.leaves if isinstance(rule, CompositeRule) else (rule,)
    for one in leaves:
        if isinstance(one, BeyondRule):
            yield one


def _curve(definition: Definition, rule: BeyondRule, caller: Caller, now: datetime) -> Curve:
    try:
        found = preview(replace(definition, rule=rule), caller, now)
    except TelemetryError as error:
        return Curve(rule.sentence(), f"{rule.threshold:g}", problem=str(error))
    return curve(found, rule, caller) or Curve(rule.sentence(), "")
