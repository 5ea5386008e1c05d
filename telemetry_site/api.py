"""What belongs to no app: the version document, the capabilities, and CloudEvents."""

import json
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiRequest, extend_schema
from rest_framework.request import Request

from telemetry_site import cloudevents
from telemetry_site.core import clock
from telemetry_site.core.api.body import body_of
from telemetry_site.core.api.lists import encode
from telemetry_site.core.api.negotiation import media_types
from telemetry_site.core.api.parameters import Arguments, arguments
from telemetry_site.core.api.schema import answers
from telemetry_site.core.api.view import V2View, base_url, caller_of, json_answer
from telemetry_site.core.identity.authentication import IDENTITY_HEADERS
from telemetry_site.core.identity.policy import require

WEB_PAGES = "/metering/"
FUNCTIONS = ("max", "min", "sum", "avg", "count", "stddev", "cardinality")
CAPABILITIES = (
    "alarms:query:simple",
    "alarms:query:complex",
    "alarms:history:query:simple",
    "alarms:history:query:complex",
    "events:query:simple",
    "meters:query:simple",
    "meters:query:metadata",
    "resources:query:simple",
    "resources:query:metadata",
    "samples:query:simple",
    "samples:query:metadata",
    "samples:query:complex",
    "statistics:groupby",
    "statistics:query:simple",
    "statistics:query:metadata",
    "statistics:aggregation:standard",
    *(f"statistics:aggregation:selectable:{name}" for name in FUNCTIONS),
)
Versions = dict[str, dict[str, list[dict[str, Any]]]]
Able = dict[str, dict[str, bool]]
CLOUDEVENT_KINDS = ("application/cloudevents+json", "application/cloudevents-batch+json")
TEXT = {"type": "string"}
CLOUDEVENT = {
    "type": "object",
    "required": ["specversion", "id", "source", "type"],
    "properties": {
        "specversion": {**TEXT, "enum": [cloudevents.VERSION]},
        **{name: {**TEXT, "minLength": 1, "maxLength": 255} for name in cloudevents.REQUIRED},
        "time": {**TEXT, "format": "date-time", "description": "Unset: now."},
        "subject": TEXT,
        "data": {"description": "What definitions find as payload."},
    },
}


class Root(V2View):
    """/"""

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """A browser is on its way to the web pages, so nobody asks it for a token."""
        if not wants_pages(request):
            super().initial(request, *args, **kwargs)

    @extend_schema(operation_id="versions", tags=["service"], responses=answers(Versions))
    def get(self, request: Request) -> HttpResponse:
        """The versions of the API, or the web pages for a browser."""
        if wants_pages(request):
            base = request.META.get("SCRIPT_NAME", "").rstrip("/")
            return HttpResponse(status=302, headers={"Location": base + WEB_PAGES})
        return json_answer(json.dumps(versions(base_url(request))).encode())


class Capabilities(V2View):
    """/v2/capabilities"""

    @extend_schema(operation_id="capabilities", tags=["service"], responses=answers(Able))
    def get(self, request: Request) -> HttpResponse:
        """What this service can do."""
        arguments(request)
        ready = {"storage:production_ready": True}
        found = {
            "api": dict.fromkeys(CAPABILITIES, True),
            "storage": ready,
            "event_storage": ready,
            "alarm_storage": ready,
        }
        return json_answer(json.dumps(found).encode())


class CloudEvents(V2View):
    """/v2/cloudevents"""

    http_method_names = ("post",)

    @extend_schema(
        operation_id="post_cloudevents",
        tags=["events"],
        request={
            "application/cloudevents+json": OpenApiRequest(CLOUDEVENT),
            "application/cloudevents-batch+json": OpenApiRequest(
                {"type": "array", "items": CLOUDEVENT}
            ),
        },
        responses=answers(cloudevents.Counts, 413, 415, status=202, said="All are stored."),
    )
    def post(self, request: Request) -> HttpResponse:
        """Store events of programs that are no OpenStack service, each once."""
        caller = caller_of(request)
        require(caller, "telemetry:create_events")
        Arguments(dict(request.query_params.lists()), ())
        body = body_of(request, CLOUDEVENT_KINDS)
        return json_answer(encode(cloudevents.take_in(body, caller, clock.now())), status=202)


def wants_pages(request: Request) -> bool:
    """Whether Accept names HTML before any JSON, and nobody in particular asks."""
    for kind in media_types(request.headers.get("Accept", "")):
        if kind == "application/json":
            return False
        if kind == "text/html":
            return not any(name in request.headers for name in IDENTITY_HEADERS)
    return False


def versions(base: str) -> object:
    """The version document; `base` is the address of this service."""
    links = [
        {"href": f"{base}/v2", "rel": "self"},
        {"href": "http://docs.openstack.org/", "rel": "describedby", "type": "text/html"},
    ]
    kinds = [
        {"base": f"application/{kind}", "type": f"application/vnd.openstack.telemetry-v2+{kind}"}
        for kind in ("json", "xml")
    ]
    version = {"id": "v2", "status": "stable", "updated": "2013-02-13T00:00:00Z"}
    return {"versions": {"values": [{**version, "links": links, "media-types": kinds}]}}
