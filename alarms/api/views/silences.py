"""The routes of silences."""

from django.http import HttpResponse
from rest_framework.request import Request

from alarms import silences
from alarms.api import bodies, schema, shapes
from alarms.api.views.route import AlarmsRoute, done, no_arguments
from telemetry_site.core import clock
from telemetry_site.core.api.lists import encode
from telemetry_site.core.api.parameters import arguments
from telemetry_site.core.api.view import base_url, caller_of, json_answer
from telemetry_site.core.errors import NotFound
from telemetry_site.core.identity.policy import require


class SilenceList(AlarmsRoute):
    """/v2/silences"""

    http_method_names = ("get", "post")

    @schema.silence_list
    def get(self, request: Request) -> HttpResponse:
        """The silences in force, the one that ends last first."""
        caller = caller_of(request)
        require(caller, "telemetry:get_silences")
        arguments(request)
        found = silences.active(caller, clock.now())
        return json_answer(encode([shapes.silence(one) for one in found]))

    @schema.create_silence
    def post(self, request: Request) -> HttpResponse:
        """Keep actions from being run until an end."""
        caller = caller_of(request)
        require(caller, "telemetry:create_silence")
        no_arguments(request)
        made = silences.create(caller, clock.now(), **bodies.silence(request))
        response = json_answer(encode(shapes.silence(made)), status=201)
        response["Location"] = f"{base_url(request)}/v2/silences/{made.silence_id}"
        return response


class SilenceView(AlarmsRoute):
    """/v2/silences/{id}"""

    http_method_names = ("get", "delete")

    @schema.one_silence
    def get(self, request: Request, silence_id: str) -> HttpResponse:
        """A silence in force."""
        caller = caller_of(request)
        require(caller, "telemetry:get_silences")
        arguments(request)
        for one in silences.active(caller, clock.now()):
            if one.silence_id == silence_id:
                return json_answer(encode(shapes.silence(one)))
        raise NotFound("Silence", silence_id)

    @schema.end_silence
    def delete(self, request: Request, silence_id: str) -> HttpResponse:
        """End a silence now."""
        caller = caller_of(request)
        require(caller, "telemetry:delete_silence")
        no_arguments(request)
        silences.end(silence_id, caller, clock.now())
        return done()
