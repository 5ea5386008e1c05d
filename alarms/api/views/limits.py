"""The routes of quotas, and of what evaluations have found."""

from django.conf import settings
from django.http import HttpResponse
from rest_framework.request import Request

from alarms import metrics, quotas
from alarms.api import bodies, schema
from alarms.api.answers import quota_answer
from alarms.api.views.route import AlarmsRoute, done, no_arguments
from telemetry_site.core.api.lists import encode
from telemetry_site.core.api.parameters import arguments
from telemetry_site.core.api.view import caller_of, json_answer
from telemetry_site.core.errors import Forbidden
from telemetry_site.core.identity.policy import require


class QuotaList(AlarmsRoute):
    """/v2/quotas"""

    http_method_names = ("get", "post")

    @schema.show_quotas
    def get(self, request: Request) -> HttpResponse:
        """The quotas of the caller's project, or for an admin of any."""
        caller = caller_of(request)
        require(caller, "telemetry:get_quotas")
        asked = arguments(request, "project_id").texts("project_id")
        project = next(iter(asked), "") or caller.project
        if caller.confined_to not in (None, project):
            raise Forbidden
        return quota_answer(project)

    @schema.set_quotas
    def post(self, request: Request) -> HttpResponse:
        """Give a project a quota of its own."""
        require(caller_of(request), "telemetry:update_quotas")
        no_arguments(request)
        project, limits = bodies.quotas(request)
        for limit in limits:
            quotas.set_limit(project, limit)
        return quota_answer(project, status=201)


class QuotaView(AlarmsRoute):
    """/v2/quotas/{project}"""

    http_method_names = ("delete",)

    @schema.forget_quotas
    def delete(self, request: Request, project_id: str) -> HttpResponse:
        """Let the project have the quota of all again."""
        require(caller_of(request), "telemetry:delete_quotas")
        no_arguments(request)
        quotas.forget(project_id)
        return done()


class MetricsView(AlarmsRoute):
    """/v2/metrics"""

    @schema.metrics
    def get(self, request: Request) -> HttpResponse:
        """How often the evaluations of each alarm have found each state."""
        caller = caller_of(request)
        if not settings.TELEMETRY["EVALUATION_METRICS"]:
            raise Forbidden("metrics endpoint is disabled")
        require(caller, "telemetry:get_metrics")
        if arguments(request, "all_projects").flag("all_projects"):
            require(caller, "telemetry:get_metrics:all_projects")
        found = metrics.evaluation_results(caller.confined_to)
        return json_answer(encode({"evaluation_results": found}))
