"""What the OpenAPI schema says of each route of alarms."""

from typing import Any

from drf_spectacular.utils import OpenApiRequest, OpenApiResponse, extend_schema

from alarms.api.shapes import (
    WireAlarm,
    WireChange,
    WireMetrics,
    WirePreview,
    WireQuotas,
    WireSilence,
)
from alarms.quotas import RESOURCE
from alarms.states import NO_DATA, STATES, UNKNOWN
from telemetry_site.core.api.schema import LIMIT, QUERY, answers, argument, repeated

TEXT = {"type": "string"}
TEXT_OR_NULL = {"type": ["string", "null"]}
WHOLE = {"type": "integer"}
FLAG = {"type": "boolean"}
ACTIONS = {"type": ["array", "null"], "items": TEXT, "description": "URLs that are called."}
STATE = {**TEXT, "enum": list(STATES)}
CONSTRAINT = {
    "type": "object",
    "required": ["name", "start", "duration"],
    "additionalProperties": False,
    "properties": {
        "name": TEXT,
        "description": TEXT_OR_NULL,
        "start": {**TEXT, "description": "A cron expression.", "example": "0 23 * * *"},
        "duration": {**WHOLE, "minimum": 0, "description": "In seconds."},
        "timezone": {**TEXT, "description": "Such as Europe/Ljubljana; empty for UTC."},
    },
}
DEFINITION = {
    "type": "object",
    "required": ["name", "type"],
    "properties": {
        "name": TEXT,
        "type": {**TEXT, "example": "threshold"},
        "threshold_rule": {
            "type": "object",
            "description": "The rule; its name begins with the type.",
            "example": {"meter_name": "cpu_util", "threshold": 80, "comparison_operator": "gt"},
        },
        "description": TEXT_OR_NULL,
        "enabled": FLAG,
        "state": {**STATE, "default": UNKNOWN},
        "severity": {**TEXT, "enum": ["low", "moderate", "critical"]},
        "ok_actions": ACTIONS,
        "alarm_actions": ACTIONS,
        "insufficient_data_actions": ACTIONS,
        "repeat_actions": FLAG,
        "time_constraints": {"type": ["array", "null"], "items": CONSTRAINT},
        "user_id": TEXT_OR_NULL,
        "project_id": TEXT_OR_NULL,
        "no_data": {**TEXT, "enum": list(NO_DATA), "description": "What missing data mean."},
        "hold_rounds": {
            **WHOLE,
            "minimum": 1,
            "description": "Rounds in a row that must find a state before it counts.",
        },
    },
}
QUOTAS = {
    "type": "object",
    "required": ["project_id"],
    "additionalProperties": False,
    "properties": {
        "project_id": TEXT,
        "quotas": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["resource", "limit"],
                "additionalProperties": False,
                "properties": {
                    "resource": {**TEXT, "enum": [RESOURCE]},
                    "limit": {**WHOLE, "minimum": -1, "description": "-1 for any number."},
                },
            },
        },
    },
}
SILENCE = {
    "type": "object",
    "required": ["ends_at", "reason"],
    "additionalProperties": False,
    "properties": {
        "alarm_id": {**TEXT, "description": "Of one alarm."},
        "project_id": {**TEXT, "description": "Of the alarms of a project."},
        "name_pattern": {**TEXT, "description": "Of alarms whose names fit, with *, ? and []."},
        "ends_at": {**TEXT, "description": "ISO 8601."},
        "reason": TEXT,
    },
}
COMPLEX = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "filter": {**TEXT, "example": '{"=": {"state": "alarm"}}'},
        "orderby": {**TEXT, "example": '[{"timestamp": "desc"}]'},
        "limit": {"type": ["integer", "string"], "minimum": 1},
    },
}


def body(schema: dict[str, Any]) -> dict[str, OpenApiRequest]:
    """A JSON body."""
    return {"application/json": OpenApiRequest(schema)}


def done(*refusals: int, said: str) -> dict[int, OpenApiResponse]:
    """An answer without a body."""
    found = answers(str, *refusals, status=204)
    return {**found, 204: OpenApiResponse(description=said)}


LISTED = (
    *QUERY,
    LIMIT,
    repeated("sort", "A field, with :asc or :desc."),
    argument("marker", "The id of the last one that was seen."),
)


alarm_list = extend_schema(
    operation_id="list_alarms",
    tags=["alarms"],
    parameters=list(LISTED),
    responses=answers(list[WireAlarm]),
)
alarm_history = extend_schema(
    operation_id="show_alarm_history",
    tags=["alarms"],
    parameters=list(LISTED),
    responses=answers(list[WireChange]),
)
alarm_query = extend_schema(
    operation_id="query_alarms",
    tags=["alarms"],
    request=body(COMPLEX),
    responses=answers(list[WireAlarm], 413, 415, 501),
)
history_query = extend_schema(
    operation_id="query_alarm_history",
    tags=["alarms"],
    request=body(COMPLEX),
    responses=answers(list[WireChange], 413, 415, 501),
)
preview_alarm = extend_schema(
    operation_id="preview_alarm",
    tags=["alarms"],
    request=body(DEFINITION),
    responses=answers(WirePreview, 404, 413, 415),
)
create_alarm = extend_schema(
    operation_id="create_alarm",
    tags=["alarms"],
    request=body(DEFINITION),
    responses=answers(WireAlarm, 404, 409, 413, 415, status=201),
)
one_alarm = extend_schema(
    operation_id="show_alarm", tags=["alarms"], responses=answers(WireAlarm, 404)
)
replace_alarm = extend_schema(
    operation_id="replace_alarm",
    tags=["alarms"],
    request=body(DEFINITION),
    responses=answers(WireAlarm, 404, 409, 413, 415),
)
delete_alarm = extend_schema(
    operation_id="delete_alarm", tags=["alarms"], responses=done(404, said="It is gone.")
)
alarm_state = extend_schema(
    operation_id="show_alarm_state", tags=["alarms"], responses=answers(str, 404)
)
set_state = extend_schema(
    operation_id="set_alarm_state",
    tags=["alarms"],
    request=body(STATE),
    responses=answers(str, 404, 413, 415),
)
show_quotas = extend_schema(
    operation_id="show_quotas",
    tags=["alarms"],
    parameters=[argument("project_id", "Another project than the caller's; for admins.")],
    responses=answers(WireQuotas),
)
set_quotas = extend_schema(
    operation_id="set_quotas",
    tags=["alarms"],
    request=body(QUOTAS),
    responses=answers(WireQuotas, 413, 415, status=201),
)
forget_quotas = extend_schema(
    operation_id="delete_quotas",
    tags=["alarms"],
    responses=done(said="The project has the quota of all."),
)
metrics = extend_schema(
    operation_id="alarm_metrics",
    tags=["alarms"],
    parameters=[argument("all_projects", "True for those of all projects; for admins.", bool)],
    responses=answers(WireMetrics),
)
silence_list = extend_schema(
    operation_id="list_silences", tags=["alarms"], responses=answers(list[WireSilence])
)
create_silence = extend_schema(
    operation_id="create_silence",
    tags=["alarms"],
    request=body(SILENCE),
    responses=answers(WireSilence, 404, 413, 415, status=201),
)
one_silence = extend_schema(
    operation_id="show_silence", tags=["alarms"], responses=answers(WireSilence, 404)
)
end_silence = extend_schema(
    operation_id="end_silence", tags=["alarms"], responses=done(404, said="It has ended.")
)
