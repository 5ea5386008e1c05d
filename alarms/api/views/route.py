"""What every route of alarms has in common."""

from typing import Any

from django.http import Http404, HttpResponse
from rest_framework.request import Request

from telemetry_site.core.api.parameters import Arguments
from telemetry_site.core.api.view import UnknownPath, V2View
from telemetry_site.core.errors import BadRequest


class AlarmsRoute(V2View):
    """A route of alarms: whatever is refused, is refused with a fault."""

    plain_refusals = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Neither a path nor an argument has a NUL, which not every database takes."""
        super().initial(request, *args, **kwargs)
        if "\0" in request.path_info:
            raise Http404
        if "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("Text must not contain NUL")


class NothingThere(UnknownPath):
    """404 below the routes of alarms."""

    plain_refusals = False


def no_arguments(request: Request) -> None:
    """Refuse whatever stands in the query string. Raises UnknownArgument."""
    Arguments(dict(request.query_params.lists()), ())


def done() -> HttpResponse:
    """An answer without a body."""
    return HttpResponse(status=204)
