"""The routes by which alarms and their history are asked for."""

from django.http.response import HttpResponseBase
from rest_framework.request import Request

from alarms import queries
from alarms.api import bodies, questions, schema
from alarms.api.answers import alarm_list, change_list
from alarms.api.views.route import AlarmsRoute, no_arguments
from telemetry_site.core.api.parameters import arguments
from telemetry_site.core.api.view import caller_of
from telemetry_site.core.identity.policy import require


class HistoryView(AlarmsRoute):
    """/v2/alarms/{id}/history"""

    @schema.alarm_history
    def get(self, request: Request, alarm_id: str) -> HttpResponseBase:
        """What has become of an alarm, the newest first; of one that is deleted too."""
        caller = caller_of(request)
        require(caller, "telemetry:alarm_history")
        asked = questions.history(arguments(request, *questions.LISTED), caller)
        return change_list(asked, queries.history(caller).filter(alarm_id=alarm_id))


class AlarmQueryView(AlarmsRoute):
    """/v2/query/alarms"""

    http_method_names = ("post",)

    @schema.alarm_query
    def post(self, request: Request) -> HttpResponseBase:
        """Alarms by a filter and in an order of one's own."""
        caller = caller_of(request)
        require(caller, "telemetry:query_alarm")
        no_arguments(request)
        asked = questions.complex_alarms(bodies.json_body(request, "body"), caller)
        return alarm_list(asked, caller)


class HistoryQueryView(AlarmsRoute):
    """/v2/query/alarms/history"""

    http_method_names = ("post",)

    @schema.history_query
    def post(self, request: Request) -> HttpResponseBase:
        """The history of all alarms by a filter and in an order of one's own."""
        caller = caller_of(request)
        require(caller, "telemetry:query_alarm_history")
        no_arguments(request)
        asked = questions.complex_history(bodies.json_body(request, "body"), caller)
        return change_list(asked, queries.history(caller))
