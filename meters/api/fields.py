"""What may be asked of each route of the metering API, and by which names."""

from telemetry_site.core.query.complex import Names
from telemetry_site.core.query.simple import Fields

OWNERS = frozenset(("user", "project", "resource", "source"))

SAMPLES = Fields(OWNERS | {"meter", "message_id"}, times=True)
METERS = Fields(OWNERS, times=False, ignored=frozenset(("unique",)))
RESOURCES = Fields(OWNERS, times=True)

COMPLEX = Names(
    {
        "source": "source",
        "counter_name": "meter",
        "counter_type": "type",
        "counter_unit": "unit",
        "counter_volume": "volume",
        "user_id": "user",
        "project_id": "project",
        "resource_id": "resource",
        "timestamp": "timestamp",
        "resource_metadata": "resource_metadata",
        "message_id": "message_id",
        "message_signature": "message_signature",
        "recorded_at": "recorded_at",
        "user": "user",
        "project": "project",
        "resource": "resource",
        "meter": "meter",
        "type": "type",
        "unit": "unit",
        "volume": "volume",
    },
    refused=frozenset(("resource_metadata", "message_signature")),
)

# Names in statistics, and what they stand for in the store's questions.
GROUPINGS = {
    "user_id": "user",
    "resource_id": "resource",
    "project_id": "project",
    "source": "source",
    "resource_metadata.instance_type": "instance_type",
}
FUNCTIONS = ("max", "min", "sum", "avg", "count", "stddev", "cardinality")
COUNTED = {
    "resource_id": "resource",
    "user_id": "user",
    "project_id": "project",
    "source": "source",
}
