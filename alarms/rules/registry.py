"""Every type of alarm, and the class of its rules."""

from alarms.rules.rule import Rule
from telemetry_site.core.registry import Registry

RULES: Registry[type[Rule]] = Registry(
    "type of alarm",
    {
        "threshold": "alarms.rules.threshold:ThresholdRule",
        "combination": "alarms.rules.combination:CombinationRule",
        "composite": "alarms.rules.composite:CompositeRule",
        "event": "alarms.rules.event:EventRule",
        "gnocchi_resources_threshold": "alarms.rules.gnocchi:ResourcesRule",
        "gnocchi_aggregation_by_metrics_threshold": "alarms.rules.gnocchi:AggregationByMetricsRule",
        "gnocchi_aggregation_by_resources_threshold": (
            "alarms.rules.gnocchi:AggregationByResourcesRule"
        ),
        "prometheus": "alarms.rules.prometheus:PrometheusRule",
    },
)
# Types that there are elsewhere, and why not here.
REFUSED = {
    "loadbalancer_member_health": (
        "Alarms of the type loadbalancer_member_health need Octavia and Keystone, which this "
        "service is not connected to yet."
    ),
}
