"""The routes of the metering API; each reads, asks once and writes."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from rest_framework.request import Request

from meters import queries
from meters.api import questions, schema, statistics, wire
from meters.ingest import from_messages
from meters.samples import Sample
from meters.selection import SampleQuery, Selection
from telemetry_site.core import clock
from telemetry_site.core.api import complex as bodies
from telemetry_site.core.api.body import body_of, json_of
from telemetry_site.core.api.lists import json_list
from telemetry_site.core.api.parameters import Arguments, arguments
from telemetry_site.core.api.view import V2View, base_url, caller_of, json_answer
from telemetry_site.core.identity.policy import require


class MeterList(V2View):
    """/v2/meters"""

    @schema.meter_list
    def get(self, request: Request) -> HttpResponse:
        """Each meter of each resource, or each meter once."""
        require(caller_of(request), "telemetry:get_meters")
        given = arguments(request, "q", "limit", "unique")
        found = queries.meters(questions.meters(given, default_limit()), caller_of(request))
        return json_answer(wire.encode([wire.meter(meter) for meter in found]))


class MeterView(V2View):
    """/v2/meters/{name}"""

    http_method_names = ("get", "post")

    @schema.meter_samples
    def get(self, request: Request, name: str) -> HttpResponseBase:
        """The newest samples of the meter."""
        require(caller_of(request), "telemetry:get_samples")
        given = arguments(request, "q", "limit")
        query = questions.samples(given, default_limit(), meter=name)
        return sample_list(query, request, wire.old_sample)

    @schema.post_samples
    def post(self, request: Request, name: str) -> HttpResponse:
        """Store samples; the answer means that they are committed."""
        caller = caller_of(request)
        require(caller, "telemetry:create_samples")
        Arguments(dict(request.query_params.lists()), ("direct",))
        key = request.headers.get("Idempotency-Key")
        body = body_of(request)
        return json_answer(
            from_messages(body, name, caller, clock.now(), key, request.path_info), status=201
        )


class StatisticsView(MeterView):
    """/v2/meters/{name}/statistics; a POST to it is one to the meter."""

    @schema.meter_statistics
    def get(self, request: Request, name: str) -> HttpResponse:
        """Statistics of the meter's samples."""
        require(caller_of(request), "telemetry:compute_statistics")
        given = arguments(request, "q", "groupby", "period", "aggregate")
        asked = statistics.question(given, name, clock.now())
        rows = queries.statistics(asked.query, caller_of(request))
        return json_answer(wire.encode([statistics.row(row, asked) for row in rows]))

    @schema.not_shown
    def post(self, request: Request, name: str) -> HttpResponse:
        """As a POST to the meter."""
        return super().post(request, name)

    @property
    def offered(self) -> list[str]:
        """What is offered under this name."""
        return ["GET"]


class BelowMeter(V2View):
    """/v2/meters/{name}/{other}: nothing, and in the way it always was."""

    http_method_names = ("get", "post")
    schema = None


class SampleList(V2View):
    """/v2/samples"""

    @schema.sample_list
    def get(self, request: Request) -> HttpResponseBase:
        """The newest samples of every meter."""
        require(caller_of(request), "telemetry:get_samples")
        query = questions.samples(arguments(request, "q", "limit"), default_limit())
        return sample_list(query, request, wire.new_sample)


class SampleView(V2View):
    """/v2/samples/{id}"""

    @schema.one_sample
    def get(self, request: Request, message_id: str) -> HttpResponse:
        """One sample."""
        require(caller_of(request), "telemetry:get_sample")
        arguments(request)
        found = queries.sample(message_id, caller_of(request))
        return json_answer(wire.encode(wire.new_sample(found)))


class ResourceList(V2View):
    """/v2/resources"""

    @schema.resource_list
    def get(self, request: Request) -> HttpResponse:
        """The resources that have samples."""
        require(caller_of(request), "telemetry:get_resources")
        given = arguments(request, "q", "limit", "meter_links")
        found = queries.resources(questions.resources(given, default_limit()), caller_of(request))
        base = base_url(request)
        return json_answer(wire.encode([wire.resource(resource, base) for resource in found]))


class ResourceView(V2View):
    """/v2/resources/{id}"""

    @schema.one_resource
    def get(self, request: Request, resource_id: str) -> HttpResponse:
        """One resource; its id is decoded once more, so that it may hold a slash."""
        require(caller_of(request), "telemetry:get_resource")
        arguments(request)
        found = queries.resource(unquote(resource_id), caller_of(request))
        return json_answer(wire.encode(wire.resource(found, base_url(request))))


class SampleQueryView(V2View):
    """/v2/query/samples"""

    http_method_names = ("post",)

    @schema.sample_query
    def post(self, request: Request) -> HttpResponseBase:
        """Samples by a filter and in an order of one's own."""
        caller = caller_of(request)
        require(caller, "telemetry:query_sample")
        Arguments(dict(request.query_params.lists()), ())
        body = bodies.body(json_of(text) if (text := body_of(request)) else None)
        # Another project is refused before the order and the limit are looked at.
        where = queries.confined(questions.complex_filter(body), caller)
        order = questions.complex_order(body)
        limit = bodies.limit(body) or default_limit()
        return sample_list(SampleQuery(Selection(where), order, limit), request, wire.new_sample)


def default_limit() -> int:
    """The length of a list for which no limit is asked."""
    limit: int = settings.TELEMETRY["DEFAULT_LIMIT"]
    return limit


def sample_list(
    query: SampleQuery, request: Request, shape: Callable[[Sample], Any]
) -> HttpResponseBase:
    """A list of samples; a long one is sent while it is read."""
    return json_list(map(shape, queries.samples(query, caller_of(request))), query.limit)
