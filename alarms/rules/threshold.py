"""Threshold rules: a statistic of a meter in each of some periods."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Self

from alarms.attributes import Attribute, boolean, integer, listed, one_of, read, text
from alarms.rules import windows
from alarms.rules.beyond import (
    COMPARISON,
    EVALUATION_PERIODS,
    THRESHOLD,
    BeyondRule,
    as_shown,
    held,
)
from alarms.rules.rule import Answer, Failure, Question, Summaries
from alarms.rules.windows import Bucket
from meters.windows import Stretch, Summary
from telemetry_site.core.errors import NotAuthorized
from telemetry_site.core.query import simple
from telemetry_site.core.query.simple import Fields, Item
from telemetry_site.core.query.tree import Compare, Node, both

ITEM = (
    Attribute("field", text, mandatory=True),
    Attribute("op", text, "eq"),
    Attribute("value", text, mandatory=True),
    Attribute("type", text),
)
FIELDS = Fields(
    frozenset(("user", "project", "resource", "source", "message_id", "meter")), times=False
)
PROJECT = ("project", "project_id")
STATISTICS: Mapping[str, Callable[[Summary], float]] = {
    "max": lambda one: one.highest,
    "min": lambda one: one.lowest,
    "avg": lambda one: one.total / one.samples,
    "sum": lambda one: one.total,
    "count": lambda one: float(one.samples),
}
WORDS = {"max": "maximum", "min": "minimum", "avg": "average", "sum": "sum", "count": "number"}


def _item(name: str, value: Any) -> dict[str, str]:
    """A condition as it was given; one without a type keeps none."""
    found = read(value, ITEM, "data.threshold_rule.query")
    if found["type"] is None:
        del found["type"]
    return found


ATTRIBUTES = (
    Attribute("meter_name", text, mandatory=True),
    Attribute("query", listed(_item), []),
    Attribute("period", integer(1), 60),
    EVALUATION_PERIODS,
    COMPARISON,
    THRESHOLD,
    Attribute("statistic", one_of(*STATISTICS), "avg"),
    Attribute("exclude_outliers", boolean, False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdRule(BeyondRule):
    """A statistic of the samples of a meter for which all conditions are true."""

    type: ClassVar[str] = "threshold"

    meter_name: str
    query: tuple[Mapping[str, str], ...]
    period: int
    statistic: str
    exclude_outliers: bool
    where: Node

    @classmethod
    def read(cls, given: Mapping[str, Any], where: str = "data.threshold_rule") -> Self:
        """See Rule."""
        return cls.stored(read(given, ATTRIBUTES, where))

    @classmethod
    def stored(cls, known: Mapping[str, Any]) -> Self:
        """See Rule."""
        items = [
            Item(one["field"], one.get("op", ""), one["value"], one.get("type") or None)
            for one in known["query"]
        ]
        found = simple.read(items, FIELDS).where
        meter = Compare("meter", "=", known["meter_name"])
        given = {**known, "query": tuple(known["query"])}
        return cls(**given, where=both(meter, found))

    def shown(self) -> dict[str, Any]:
        """See Rule."""
        return {**as_shown(self, ATTRIBUTES), "query": [dict(one) for one in self.query]}

    def scoped(self, project: str) -> Self:
        """The project is a condition, unless it is one already."""
        named = [one["value"] for one in self.query if one["field"] in PROJECT]
        for one in named:
            if one != project:
                raise NotAuthorized(one)
        if named:
            return self
        item = {"field": "project_id", "op": "eq", "value": project}
        where = both(self.where, Compare("project", "=", project))
        return replace(self, query=(*self.query, item), where=where)

    def questions(self, now: datetime) -> Sequence[Question]:
        """See Rule."""
        start, end, period = windows.window(
            now, self.period, self.evaluation_periods, exclude_outliers=self.exclude_outliers
        )
        return (Summaries(self.where, Stretch(start, end, period, start)),)

    def values(self, answers: Sequence[Answer], now: datetime) -> Sequence[float] | Failure:
        """See BeyondRule."""
        (found,) = answers
        value = STATISTICS[self.statistic]
        buckets = [
            Bucket(one.start, one.samples, value(one)) for one in found if isinstance(one, Summary)
        ]
        kept = windows.kept(
            buckets, self.evaluation_periods, exclude_outliers=self.exclude_outliers
        )
        return [one.value for one in kept]

    def description(self) -> str:
        """See Rule."""
        return (
            f"Alarm when {self.meter_name} is {self.comparison_operator} a {self.statistic} of "
            f"{self.threshold} over {self.period} seconds"
        )

    def sentence(self) -> str:
        """See Rule."""
        what = f"The {WORDS[self.statistic]} of {self.meter_name}"
        conditions = [f"{one['field']} is {one['value']}" for one in self.query]
        where = f", where {' and '.join(conditions)}" if conditions else ""
        outliers = "; periods with unusually many or few samples are left out"
        how = f"{self.beyond()} {held(self.period, self.evaluation_periods)}"
        return f"{what} is {how}{where}{outliers if self.exclude_outliers else ''}."

    @property
    def meter(self) -> str | None:
        """See Rule."""
        return self.meter_name
