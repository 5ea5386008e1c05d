"""What the OpenAPI schema says of each route of events."""

from drf_spectacular.utils import extend_schema

from events.api.wire import WireDescription, WireEvent, WireTrait
from telemetry_site.core.api.schema import LIMIT, QUERY, answers, argument, repeated

event_list = extend_schema(
    operation_id="list_events",
    tags=["events"],
    parameters=[
        *QUERY,
        LIMIT,
        repeated("sort", "generated or message_id, with :asc or :desc."),
        argument("marker", "The id of the last event that was seen."),
    ],
    responses=answers(list[WireEvent]),
)
one_event = extend_schema(
    operation_id="show_event", tags=["events"], responses=answers(WireEvent, 404)
)
event_types = extend_schema(
    operation_id="list_event_types", tags=["events"], responses=answers(list[str])
)
traits_of_type = extend_schema(
    operation_id="list_traits", tags=["events"], responses=answers(list[WireDescription])
)
traits_by_name = extend_schema(
    operation_id="list_values_of_trait", tags=["events"], responses=answers(list[WireTrait])
)
