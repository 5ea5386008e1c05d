"""What the OpenAPI schema says of each route of the metering API."""

from typing import Any

from drf_spectacular.utils import OpenApiRequest, extend_schema

from meters.api.fields import FUNCTIONS, GROUPINGS
from meters.api.statistics import WireStatistics
from meters.api.wire import NewSample, OldSample, WireMeter, WireResource
from meters.samples import KINDS
from telemetry_site.core.api.schema import LIMIT, QUERY, answers, argument, header, repeated

TEXT = {"type": "string"}
TEXT_OR_NULL = {"type": ["string", "null"]}
POSTED = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "required": [
            "counter_name",
            "counter_type",
            "counter_unit",
            "counter_volume",
            "resource_id",
        ],
        "additionalProperties": False,
        "properties": {
            "counter_name": {**TEXT, "description": "The same as in the path."},
            "counter_type": {**TEXT, "enum": list(KINDS)},
            "counter_unit": TEXT_OR_NULL,
            "counter_volume": {"type": ["number", "null"]},
            "resource_id": TEXT,
            "project_id": TEXT_OR_NULL,
            "user_id": TEXT_OR_NULL,
            "source": TEXT_OR_NULL,
            "timestamp": {**TEXT, "description": "ISO 8601; unset: now."},
            "resource_metadata": {"type": "object", "additionalProperties": TEXT},
        },
    },
}
COMPLEX = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "filter": {**TEXT, "example": '{"=": {"counter_name": "cpu_util"}}'},
        "orderby": {**TEXT, "example": '[{"timestamp": "desc"}]'},
        "limit": {"type": "integer", "minimum": 1},
    },
}
STORED = "Every sample is stored for good; the list as it was stored."


def body(schema: dict[str, Any]) -> dict[str, OpenApiRequest]:
    """A JSON body."""
    return {"application/json": OpenApiRequest(schema)}


not_shown = extend_schema(exclude=True)
meter_list = extend_schema(
    operation_id="list_meters",
    tags=["meters"],
    parameters=[*QUERY, LIMIT, argument("unique", "True for each meter once.", bool)],
    responses=answers(list[WireMeter], 501),
)
meter_samples = extend_schema(
    operation_id="list_samples_of_meter",
    tags=["meters"],
    parameters=[*QUERY, LIMIT],
    responses=answers(list[OldSample], 501),
)
post_samples = extend_schema(
    operation_id="post_samples",
    tags=["meters"],
    parameters=[
        argument("direct", "Accepted for old clients; samples are always stored at once."),
        header("Idempotency-Key", "A repetition with the same key within a day stores nothing."),
    ],
    request=body(POSTED),
    responses=answers(list[OldSample], 413, 415, 422, status=201, said=STORED),
)
meter_statistics = extend_schema(
    operation_id="meter_statistics",
    tags=["meters"],
    parameters=[
        *QUERY,
        argument("period", "Length of each period in seconds; unset: one for all.", int),
        repeated("groupby", "A row for each value of these.", enum=list(GROUPINGS)),
        repeated("aggregate.func", "Only these aggregates.", enum=list(FUNCTIONS)),
        repeated("aggregate.param", "For cardinality: what is counted."),
    ],
    responses=answers(list[WireStatistics], 501),
)
sample_list = extend_schema(
    operation_id="list_samples",
    tags=["samples"],
    parameters=[*QUERY, LIMIT],
    responses=answers(list[NewSample], 501),
)
one_sample = extend_schema(
    operation_id="show_sample", tags=["samples"], responses=answers(NewSample, 404)
)
sample_query = extend_schema(
    operation_id="query_samples",
    tags=["samples"],
    request=body(COMPLEX),
    responses=answers(list[NewSample], 413, 415, 501),
)
resource_list = extend_schema(
    operation_id="list_resources",
    tags=["resources"],
    parameters=[*QUERY, LIMIT, argument("meter_links", "0 for no links to meters.", int)],
    responses=answers(list[WireResource], 501),
)
one_resource = extend_schema(
    operation_id="show_resource", tags=["resources"], responses=answers(WireResource, 404)
)
