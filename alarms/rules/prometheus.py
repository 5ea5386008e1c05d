"""Prometheus rules: the series that a query finds, each beside a threshold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self, cast

from alarms.attributes import Attribute, read, text
from alarms.rules.beyond import COMPARISON, THRESHOLD, BeyondRule, as_shown
from alarms.rules.rule import Answer, Failure, Instant, Question
from telemetry_site.core.errors import Forbidden

ATTRIBUTES = (COMPARISON, THRESHOLD, Attribute("query", text, mandatory=True))
CONFINED = (
    "A query of Prometheus cannot be confined to a project, so only admins may make such an alarm, "
    "for their own project."
)
UNKNOWN = "datapoints are unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrometheusRule(BeyondRule):
    """A query. Nothing confines it to a project, so it is for those who may see all of them."""

    type: ClassVar[str] = "prometheus"

    query: str

    @classmethod
    def read(cls, given: Mapping[str, Any], where: str = "data.prometheus_rule") -> Self:
        """See Rule."""
        return cls.stored(read(given, ATTRIBUTES, where))

    @classmethod
    def stored(cls, known: Mapping[str, Any]) -> Self:
        """See Rule."""
        return cls(evaluation_periods=1, **known)

    def shown(self) -> dict[str, Any]:
        """See Rule."""
        return as_shown(self, ATTRIBUTES)

    def scoped(self, project: str) -> Self:
        """See Rule. Raises Forbidden: a label in a query is only as good as who writes it."""
        raise Forbidden(CONFINED)

    def questions(self, now: datetime) -> Sequence[Question]:
        """See Rule."""
        return (Instant(self.query),)

    def values(self, answers: Sequence[Answer], now: datetime) -> Sequence[float] | Failure:
        """See BeyondRule."""
        return cast(Sequence[float], answers[0]) or Failure(UNKNOWN)

    def sentence(self) -> str:
        """See Rule."""
        return f"Every series of {self.query}, asked of Prometheus, is {self.beyond()}."
