"""The routes of events; each reads, asks once and writes."""

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from events import queries
from events.api import questions, schema, wire
from telemetry_site.core.api.lists import encode, json_list
from telemetry_site.core.api.parameters import arguments
from telemetry_site.core.api.view import V2View, caller_of, json_answer
from telemetry_site.core.errors import NotFound
from telemetry_site.core.identity.policy import require


class EventList(V2View):
    """/v2/events"""

    @schema.event_list
    def get(self, request: Request) -> HttpResponseBase:
        """Events, the oldest first unless another order is asked for."""
        caller = caller_of(request)
        require(caller, "telemetry:events:index")
        given = arguments(request, "q", "limit", "sort", "marker")
        limit: int = settings.TELEMETRY["DEFAULT_LIMIT"]
        asked = questions.events(given, limit, sees_all=queries.sees_all(caller))
        found = queries.events(asked.query, caller, all_tenants=asked.all_tenants)
        return json_list(map(wire.event, found), asked.query.limit)


class EventView(V2View):
    """/v2/events/{id}"""

    @schema.one_event
    def get(self, request: Request, message_id: str) -> HttpResponse:
        """One event."""
        require(caller_of(request), "telemetry:events:show")
        arguments(request)
        number = questions.message_id(message_id)
        found = queries.event(number, caller_of(request), message_id)
        return json_answer(encode(wire.event(found)))


class EventTypeList(V2View):
    """/v2/event_types"""

    @schema.event_types
    def get(self, request: Request) -> HttpResponse:
        """The types of the events that there are."""
        require(caller_of(request), "telemetry:events:index")
        arguments(request)
        return json_answer(encode(queries.event_types(caller_of(request))))


class EventTypeView(V2View):
    """/v2/event_types/{type}: never anything, as it always was."""

    schema = None

    def get(self, request: Request, event_type: str) -> HttpResponse:
        """Not found; for who may not see all, not authorized."""
        require(caller_of(request), "telemetry:events:index")
        queries.event_types(caller_of(request))
        raise NotFound("Event type", event_type)


class TraitList(V2View):
    """/v2/event_types/{type}/traits"""

    @schema.traits_of_type
    def get(self, request: Request, event_type: str) -> HttpResponse:
        """The traits that events of the type have."""
        require(caller_of(request), "telemetry:events:index")
        arguments(request)
        found = queries.trait_descriptions(event_type, caller_of(request))
        return json_answer(encode([wire.description(one) for one in found]))


class TraitView(V2View):
    """/v2/event_types/{type}/traits/{name}"""

    @schema.traits_by_name
    def get(self, request: Request, event_type: str, name: str) -> HttpResponse:
        """The trait of every event of the type that has it."""
        require(caller_of(request), "telemetry:events:index")
        arguments(request)
        found = queries.traits(event_type, name, caller_of(request))
        return json_answer(encode([wire.trait(one) for one in found]))
