"""Rules that hold a row of values beside a threshold."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from alarms.attributes import Attribute, integer, number, one_of
from alarms.rules import datapoints
from alarms.rules.composing import Side
from alarms.rules.datapoints import OPERATORS
from alarms.rules.rule import Answer, Failure, Rule
from alarms.states import Decision, Standing

COMPARISON = Attribute("comparison_operator", one_of(*OPERATORS), "eq")
THRESHOLD = Attribute("threshold", number, mandatory=True)
EVALUATION_PERIODS = Attribute("evaluation_periods", integer(1), 1)
FAILED: Final = "alarm statistics retrieval failed: {}"
SIGNS: Final = {
    "lt": "below", "le": "at most", "eq": "equal to", "ne": "other than", "ge": "at least",
    "gt": "above",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class BeyondRule(Rule):
    """A rule of this kind: each value of the last periods is held beside the threshold."""

    comparison_operator: str
    threshold: float
    evaluation_periods: int

    @property
    def asks(self) -> int:
        """How many questions it has."""
        return 1

    @abstractmethod
    def values(self, answers: Sequence[Answer], now: datetime) -> Sequence[float] | Failure:
        """The values of the last periods, the oldest first, or why there are none."""

    def decide(
        self, answers: Sequence[Answer], standing: Standing, now: datetime
    ) -> Decision | None:
        """See Rule."""
        values, why = self._told(answers, now)
        return datapoints.decide(
            values, self.comparison_operator, self.threshold, standing, self.evaluation_periods, why
        )

    def newest(self, answers: Sequence[Answer], now: datetime) -> float | None:
        """The value of the last period; None without one."""
        values, _ = self._told(answers, now)
        return values[-1] if values else None

    def side(self, answers: Sequence[Answer], now: datetime) -> Side:
        """On which side of the threshold the values are."""
        values, _ = self._told(answers, now)
        if len(values) < max(self.evaluation_periods, 1):
            return "unknown"
        compare = OPERATORS[self.comparison_operator]
        outside = [compare(value, self.threshold) for value in values]
        if all(outside) or not any(outside):
            return "alarm" if outside[0] else "ok"
        return "mixed alarm" if outside[-1] else "mixed ok"

    def _told(self, answers: Sequence[Answer], now: datetime) -> tuple[Sequence[float], str]:
        failure = next((one for one in answers if isinstance(one, Failure)), None)
        found = failure or self.values(answers, now)
        if not isinstance(found, Failure):
            return found, ""
        return (), FAILED.format(found.reason) if failure else found.reason

    def beyond(self) -> str:
        """How the values must be, in words."""
        return f"{SIGNS[self.comparison_operator]} {self.threshold:g}"


def held(period: int, periods: int) -> str:
    """For how long, in words.

    >>> held(60, 1), held(600, 3)
    ('over 1 minute', 'over 10 minutes, 3 times in a row')
    """
    return f"over {lasting(period)}" + (f", {periods} times in a row" if periods > 1 else "")


def lasting(seconds: int) -> str:
    """A length of time in words.

    >>> lasting(90), lasting(7200)
    ('90 seconds', '2 hours')
    """
    for unit, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds % unit == 0:
            return f"{seconds // unit} {name}" + ("" if seconds == unit else "s")
    return f"{seconds} second" + ("" if seconds == 1 else "s")


def as_shown(rule: Rule, attributes: Sequence[Attribute]) -> dict[str, Any]:
    """The attributes of a rule, in the order of their table."""
    return {one.name: getattr(rule, one.name) for one in attributes}
