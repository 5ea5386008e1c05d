"""The rules of Gnocchi's alarms, answered from our own store: a metric is a meter."""

import json
from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, Self, cast

from alarms.attributes import Attribute, integer, listed, read, text
from alarms.rules import gnocchi_methods, gnocchi_search, windows
from alarms.rules.beyond import COMPARISON, THRESHOLD, BeyondRule, as_shown, held
from alarms.rules.gnocchi_methods import Method, bucket_of
from alarms.rules.rule import Answer, Failure, Points, Question, Summaries
from meters.windows import Point, Stretch, Summary
from telemetry_site.core.clock import EPOCH
from telemetry_site.core.errors import BadRequest, InvalidInput
from telemetry_site.core.query.tree import And, Compare, Node, both

YEAR: Final = 31_536_000
NO_POINT: Final = "No datapoint for granularity {}"


def _method(name: str, value: Any) -> str:
    found = text(name, value)
    if gnocchi_methods.method(found) is None:
        known = gnocchi_methods.all_methods()
        raise BadRequest(f"aggregation_method should be in {known} not {found}")
    return found


def _search(name: str, value: Any) -> str:
    found = text(name, value)
    try:
        gnocchi_search.read(found)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("rule/query", found, str(error)) from error
    return found


COMMON: Final = (
    COMPARISON,
    THRESHOLD,
    Attribute("aggregation_method", _method, mandatory=True),
    Attribute("evaluation_periods", integer(1, 100), 1),
    Attribute("granularity", integer(1, YEAR), 60),
)
METRIC = Attribute("metric", text, mandatory=True)
RESOURCE_TYPE = Attribute("resource_type", text, mandatory=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class GnocchiRule(BeyondRule):
    """What the three types have in common; a class names its attributes."""

    attributes: ClassVar[Sequence[Attribute]]
    several: ClassVar[bool] = True  # metrics, which are put together

    aggregation_method: str
    granularity: int

    @classmethod
    def read(cls, given: Mapping[str, Any], where: str = "") -> Self:
        """See Rule."""
        return cls.stored(read(given, cls.attributes, where or f"data.{cls.type}_rule"))

    @classmethod
    def stored(cls, known: Mapping[str, Any]) -> Self:
        """See Rule."""
        return cls(**known)

    def shown(self) -> dict[str, Any]:
        """See Rule."""
        return as_shown(self, self.attributes)

    @abstractmethod
    def selectors(self) -> Sequence[Node]:
        """Which samples are asked for."""

    @abstractmethod
    def missing(self) -> str:
        """What is said where there is nothing at all."""

    @property
    def method(self) -> Method:
        """The method of the rule."""
        return cast(Method, gnocchi_methods.method(self.aggregation_method))

    @property
    def asks(self) -> int:
        """See BeyondRule."""
        return len(self.selectors())

    def questions(self, now: datetime) -> Sequence[Question]:
        """Buckets where they are enough, else samples; for rates from one bucket before."""
        start, end, period = windows.window(now, self.granularity, self.evaluation_periods)
        if self.method.of_buckets:
            stretch = Stretch(start, end, period, EPOCH)
            return [Summaries(one, stretch, by_resource=True) for one in self.selectors()]
        if self.method.rate:
            start -= timedelta(seconds=period)
        return [Points(one, start, end) for one in self.selectors()]

    def values(self, answers: Sequence[Answer], now: datetime) -> Sequence[float] | Failure:
        """See BeyondRule."""
        found = self._buckets(answers, now)
        if not found:
            return Failure(self.missing())
        return [found[begin] for begin in sorted(found)][-self.evaluation_periods :]

    def _buckets(self, answers: Sequence[Any], now: datetime) -> Mapping[datetime, float]:
        if self.method.of_buckets:
            summaries = cast(Sequence[Iterable[Summary]], answers)
            return gnocchi_methods.of_summaries(self.method, summaries, several=self.several)
        start = windows.window(now, self.granularity, self.evaluation_periods).start
        points = cast(Sequence[Iterable[Point]], answers)
        bucket = bucket_of(self.granularity, EPOCH)
        return gnocchi_methods.of_points(self.method, points, start, bucket, several=self.several)

    def _how(self) -> str:
        return f"{self.beyond()} {held(self.granularity, self.evaluation_periods)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcesRule(GnocchiRule):
    """One metric of one resource."""

    type: ClassVar[str] = "gnocchi_resources_threshold"
    several: ClassVar[bool] = False
    attributes = (*COMMON, METRIC, Attribute("resource_id", text, mandatory=True), RESOURCE_TYPE)

    metric: str
    resource_id: str
    resource_type: str

    def selectors(self) -> Sequence[Node]:
        """See GnocchiRule."""
        resource = Compare("resource", "=", self.resource_id)
        return (And((Compare("meter", "=", self.metric), resource)),)

    def missing(self) -> str:
        """See GnocchiRule."""
        return NO_POINT.format(self.granularity)

    def sentence(self) -> str:
        """See Rule."""
        what = f"{self.aggregation_method} of {self.metric} of {self.resource_id}"
        return f"The {what} is {self._how()}."


@dataclass(frozen=True, slots=True, kw_only=True)
class AggregationByMetricsRule(GnocchiRule):
    """Several metrics: a meter of all resources, or one of one, written RESOURCE/METER."""

    type: ClassVar[str] = "gnocchi_aggregation_by_metrics_threshold"
    attributes = (*COMMON, Attribute("metrics", listed(text), mandatory=True))

    metrics: Sequence[str]

    def selectors(self) -> Sequence[Node]:
        """See GnocchiRule."""
        return [_metric(one) for one in dict.fromkeys(self.metrics)]

    def missing(self) -> str:
        """See GnocchiRule."""
        return NO_POINT.format(self.granularity)

    def sentence(self) -> str:
        """See Rule."""
        what = f"{self.aggregation_method} of {', '.join(self.metrics)} together"
        return f"The {what} is {self._how()}."


@dataclass(frozen=True, slots=True, kw_only=True)
class AggregationByResourcesRule(GnocchiRule):
    """One metric of the resources that a query finds."""

    type: ClassVar[str] = "gnocchi_aggregation_by_resources_threshold"
    attributes = (
        *COMMON, METRIC, Attribute("query", _search, mandatory=True), RESOURCE_TYPE,
    )  # fmt: skip

    metric: str
    query: str
    resource_type: str

    def selectors(self) -> Sequence[Node]:
        """See GnocchiRule."""
        return (both(Compare("meter", "=", self.metric), gnocchi_search.read(self.query)),)

    def scoped(self, project: str) -> Self:
        """As in the original the query says so, once."""
        own = {"=": {"created_by_project_id": project}}
        given = json.loads(self.query)
        if isinstance(given.get("and"), list) and own in given["and"]:
            return self
        return replace(self, query=json.dumps({"and": [own, given]}))

    def missing(self) -> str:
        """See GnocchiRule."""
        return NO_POINT.format(self.granularity)

    def sentence(self) -> str:
        """See Rule."""
        what = f"{self.aggregation_method} of {self.metric} of all resources with {self.query}"
        return f"The {what} is {self._how()}."


def _metric(name: str) -> Node:
    resource, slash, meter = name.rpartition("/")
    if not slash:
        return Compare("meter", "=", name)
    return And((Compare("meter", "=", meter), Compare("resource", "=", resource)))
