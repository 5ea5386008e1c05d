"""The form of each type of alarm."""

from collections.abc import Mapping
from typing import Any, Final, cast

from django import forms

from alarms.forms.alarm import AlarmForm
from alarms.forms.fields import (
    Column,
    Others,
    RowsField,
    SomeField,
    choice,
    document,
    lines,
    number,
    text,
    yes,
)
from alarms.rules.beyond import SIGNS
from alarms.rules.event import SIGNS as COMPARED
from alarms.rules.occurrence import KINDS
from alarms.rules.threshold import WORDS

METER: Final = "known-meters"  # the id of a list of suggestions in the page
METHOD: Final = "known-methods"
MOST_OFFERED: Final = 500
EXAMPLE: Final = """{"or": [
  {"type": "threshold", "meter_name": "cpu_util", "comparison_operator": "gt", "threshold": 80},
  {"type": "threshold", "meter_name": "memory.usage", "comparison_operator": "gt", "threshold": 900}
]}"""
TYPES: Final = [(kind, kind or "text") for kind in KINDS]
CONDITION: Final = (
    Column("field", "Field", "resource_id"),
    Column("value", "Is", "vm-1", bare=True),
    Column("type", "Type", choices=TYPES),
)
TRAIT: Final = (
    Column("field", "Field", "traits.state"),
    Column("op", "Compares", choices=list(COMPARED.items())),
    Column("value", "With", "error", bare=True),
    Column("type", "Type", choices=TYPES),
)


def _comparison() -> forms.ChoiceField:
    return choice("Alarm when it is", list(SIGNS.items())[::-1])


def _periods() -> forms.CharField:
    return number("Periods in a row", hint="1")


def _granularity() -> forms.CharField:
    return number("Granularity in seconds", hint="60")


def _method() -> forms.CharField:
    return text("Aggregation method", hint="mean", list=METHOD)


class ThresholdForm(AlarmForm):
    """A statistic of a meter."""

    type = "threshold"

    meter_name = text("Meter", list=METER)
    statistic = choice("Statistic", list(WORDS.items()))
    comparison_operator = _comparison()
    threshold = number("Threshold")
    period = number("Period in seconds", hint="60")
    evaluation_periods = _periods()
    query = RowsField(
        "Only samples with", "Such as resource_id, or metadata.flavor.name.", CONDITION
    )
    exclude_outliers = yes("Leave out periods with unusually many or few samples")


class EventForm(AlarmForm):
    """An event of a type, with conditions."""

    type = "event"
    main = "query"

    event_type = text("Type of event", "* and ? stand for any signs.", "compute.instance.*")
    query = RowsField("Only events with", "A trait is written as traits.NAME.", TRAIT)


class CombinationForm(AlarmForm):
    """Other alarms."""

    type = "combination"
    main = "alarm_ids"

    operator = choice("Alarm when", [("and", "all of them are in alarm"), ("or", "one of them is")])
    alarm_ids = SomeField(label="Alarms", required=False)
    more_ids = lines("Others, by their ids", "One a line: there are too many to show.")

    def offer(self, others: Others) -> None:
        """See AlarmForm; one that is chosen and is not there can be taken off."""
        chosen = self["alarm_ids"].value() or ()
        found = others(chosen)
        known = {alarm_id for alarm_id, _ in found}
        gone = [(one, f"{one}, which is not there any more") for one in chosen if one not in known]
        field = cast(SomeField, self.fields["alarm_ids"])
        field.choices = [*gone, *found]
        if len(found) < MOST_OFFERED:
            del self.fields["more_ids"]

    def rule(self, said: dict[str, Any]) -> Any:
        """See AlarmForm."""
        more = said.pop("more_ids", ())
        return {**said, "alarm_ids": [*said.get("alarm_ids", ()), *more]}


class CompositeForm(AlarmForm):
    """Rules with `and` and `or` between them."""

    type = "composite"
    main = "tree"

    tree = document("Rules, as JSON", EXAMPLE)

    def rule(self, said: dict[str, Any]) -> Any:
        """See AlarmForm."""
        return said.get("tree")

    @classmethod
    def fill(cls, rule: Mapping[str, Any]) -> Mapping[str, Any]:
        """See AlarmForm."""
        return {"tree": rule} if rule else {}


class ResourcesForm(AlarmForm):
    """One metric of one resource, as Gnocchi's alarms say it."""

    type = "gnocchi_resources_threshold"

    metric = text("Metric", "The name of a meter.", list=METER)
    resource_id = text("Resource")
    resource_type = text("Type of resource", hint="instance")
    aggregation_method = _method()
    comparison_operator = _comparison()
    threshold = number("Threshold")
    granularity = _granularity()
    evaluation_periods = _periods()


class AggregationByMetricsForm(AlarmForm):
    """Several metrics together."""

    type = "gnocchi_aggregation_by_metrics_threshold"

    metrics = lines("Metrics", "One a line: a meter, or RESOURCE/METER.")
    aggregation_method = _method()
    comparison_operator = _comparison()
    threshold = number("Threshold")
    granularity = _granularity()
    evaluation_periods = _periods()


class AggregationByResourcesForm(AlarmForm):
    """One metric of the resources that a query finds."""

    type = "gnocchi_aggregation_by_resources_threshold"

    metric = text("Metric", "The name of a meter.", list=METER)
    query = text("Resources, as JSON", hint='{"=": {"server_group": "web"}}')
    resource_type = text("Type of resource", hint="instance")
    aggregation_method = _method()
    comparison_operator = _comparison()
    threshold = number("Threshold")
    granularity = _granularity()
    evaluation_periods = _periods()


class PrometheusForm(AlarmForm):
    """What a query of Prometheus says."""

    type = "prometheus"

    query = text("Query, in PromQL", hint='rate(http_requests_total{code="500"}[5m])')
    comparison_operator = _comparison()
    threshold = number("Threshold")


FORMS: Final[Mapping[str, type[AlarmForm]]] = {
    one.type: one
    for one in (
        ThresholdForm,
        EventForm,
        CompositeForm,
        CombinationForm,
        ResourcesForm,
        AggregationByMetricsForm,
        AggregationByResourcesForm,
        PrometheusForm,
    )
}
# What a new alarm begins with where the original would begin otherwise, or say nothing.
USUAL: Final[Mapping[str, Any]] = {
    "enabled": True,
    "comparison_operator": "gt",
    "statistic": "avg",
    "aggregation_method": "mean",
    "resource_type": "instance",
}
# Names that are offered; others are known too.
METHODS: Final = (
    "mean", "min", "max", "sum", "count", "std", "median", "first", "last", "95pct", "rate:mean",
)  # fmt: skip
ABOUT: Final[Mapping[str, tuple[str, str]]] = {
    "threshold": ("Threshold", "A statistic of a meter, held beside a number."),
    "event": ("Event", "Something happens: an event of some type arrives. It fires at once."),
    "combination": ("Combination", "Other alarms: all of them, or one, are in alarm."),
    "composite": ("Composite", "Several rules in one alarm, joined by “and” and “or”."),
    "gnocchi_resources_threshold": (
        "Gnocchi, one resource", "A metric of one resource, as Heat and Gnocchi say it."
    ),
    "gnocchi_aggregation_by_metrics_threshold": (
        "Gnocchi, several metrics", "Some metrics together."
    ),
    "gnocchi_aggregation_by_resources_threshold": (
        "Gnocchi, a group of resources",
        "A metric of all resources that a query finds, such as an autoscaling group.",
    ),
    "prometheus": ("Prometheus", "What a query of Prometheus says, held beside a number."),
}  # fmt: skip


def form_for(type_: str) -> type[AlarmForm]:
    """The form of a type that ABOUT names."""
    return FORMS[type_]


def usual(kind: type[AlarmForm]) -> dict[str, Any]:
    """What stands in the form of a new alarm."""
    return {name: value for name, value in USUAL.items() if name in kind.base_fields}
