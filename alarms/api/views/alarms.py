"""The routes of one alarm, and the one that makes them."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from alarms import definition, queries, services
from alarms.api import bodies, questions, schema, shapes
from alarms.api.answers import alarm_answer, alarm_list
from alarms.api.views.route import AlarmsRoute, done, no_arguments
from alarms.preview import preview
from telemetry_site.core import clock
from telemetry_site.core.api.lists import encode
from telemetry_site.core.api.parameters import arguments
from telemetry_site.core.api.view import base_url, caller_of, json_answer
from telemetry_site.core.identity.policy import require


class AlarmList(AlarmsRoute):
    """/v2/alarms"""

    http_method_names = ("get", "post")

    @schema.alarm_list
    def get(self, request: Request) -> HttpResponseBase:
        """Alarms, the newest first unless another order is asked for."""
        caller = caller_of(request)
        require(caller, "telemetry:get_alarms")
        asked = questions.alarms(arguments(request, *questions.LISTED), caller)
        return alarm_list(asked, caller)

    @schema.create_alarm
    def post(self, request: Request) -> HttpResponse:
        """Make an alarm."""
        caller = caller_of(request)
        require(caller, "telemetry:create_alarm")
        no_arguments(request)
        read = definition.read(bodies.json_body(request))
        made = services.create(read, caller, clock.now())
        response = alarm_answer(made, status=201)
        response["Location"] = f"{base_url(request)}/v2/alarms/{made.alarm_id}"
        return response


class PreviewView(AlarmsRoute):
    """/v2/alarms/preview"""

    http_method_names = ("post",)

    @schema.preview_alarm
    def post(self, request: Request) -> HttpResponse:
        """How an alarm would have behaved over the last day, before it is made."""
        caller = caller_of(request)
        require(caller, "telemetry:create_alarm")
        no_arguments(request)
        read = definition.read(bodies.json_body(request))
        return json_answer(encode(shapes.preview(preview(read, caller, clock.now()))))


class AlarmView(AlarmsRoute):
    """/v2/alarms/{id}"""

    http_method_names = ("get", "put", "delete")

    @schema.one_alarm
    def get(self, request: Request, alarm_id: str) -> HttpResponse:
        """One alarm."""
        require(caller_of(request), "telemetry:get_alarm")
        arguments(request)
        return alarm_answer(queries.alarm(alarm_id, caller_of(request)))

    @schema.replace_alarm
    def put(self, request: Request, alarm_id: str) -> HttpResponse:
        """Define an alarm anew, all of it."""
        caller = caller_of(request)
        require(caller, "telemetry:change_alarm")
        no_arguments(request)
        read = definition.read(bodies.json_body(request))
        return alarm_answer(services.replace(alarm_id, read, caller, clock.now()))

    @schema.delete_alarm
    def delete(self, request: Request, alarm_id: str) -> HttpResponse:
        """Delete an alarm; its history stays."""
        caller = caller_of(request)
        require(caller, "telemetry:delete_alarm")
        no_arguments(request)
        services.delete(alarm_id, caller, clock.now())
        return done()


class StateView(AlarmsRoute):
    """/v2/alarms/{id}/state"""

    http_method_names = ("get", "put")

    @schema.alarm_state
    def get(self, request: Request, alarm_id: str) -> HttpResponse:
        """The state of an alarm, as a JSON string."""
        require(caller_of(request), "telemetry:get_alarm_state")
        arguments(request)
        return json_answer(encode(queries.alarm(alarm_id, caller_of(request)).state))

    @schema.set_state
    def put(self, request: Request, alarm_id: str) -> HttpResponse:
        """Set the state of an alarm; none of its actions is run."""
        caller = caller_of(request)
        require(caller, "telemetry:change_alarm_state")
        no_arguments(request)
        state = bodies.state(request)
        return json_answer(encode(services.set_state(alarm_id, state, caller, clock.now()).state))
