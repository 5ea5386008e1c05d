"""Prometheus rules: the series that a query finds, each beside a threshold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Self, cast

from alarms.attributes import Attribute, read, text
from alarms.rules.beyond import COMPARISON, THRESHOLD, BeyondRule, as_shown
from alarms.rules.rule import Answer, Failure, Instant, Question

ATTRIBUTES = (COMPARISON, THRESHOLD, Attribute("query", text, mandatory=True))
UNKNOWN = "datapoints are unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrometheusRule(BeyondRule):
    """A query; what it may be asked about is said for each alarm."""

    type: ClassVar[str] = "prometheus"

    query: str
    scope_to_project: str | None = None

    @classmethod
    def read(cls, given: Mapping[str, Any], where: str = "data.prometheus_rule") -> Self:
        """A scope that a client sends back is not looked at: the caller says what it is."""
        plain = {name: value for name, value in given.items() if name != "scope_to_project"}
        return cls.stored(read(plain, ATTRIBUTES, where))

    @classmethod
    def stored(cls, known: Mapping[str, Any]) -> Self:
        """See Rule."""
        return cls(evaluation_periods=1, **known)

    def shown(self) -> dict[str, Any]:
        """See Rule."""
        found = as_shown(self, ATTRIBUTES)
        scope = self.scope_to_project
        return found if scope is None else {**found, "scope_to_project": scope}

    def scoped(self, project: str) -> Self:
        """See Rule."""
        return replace(self, scope_to_project=project)

    def questions(self, now: datetime) -> Sequence[Question]:
        """See Rule."""
        return (Instant(self.query, self.scope_to_project),)

    def values(self, answers: Sequence[Answer], now: datetime) -> Sequence[float] | Failure:
        """See BeyondRule."""
        return cast(Sequence[float], answers[0]) or Failure(UNKNOWN)

    def sentence(self) -> str:
        """See Rule."""
        return f"Every series of {self.query}, asked of Prometheus, is {self.beyond()}."
