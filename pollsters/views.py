"""The status page of polling."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pollsters import plan
from pollsters.models import PollJob
from pollsters.standing import standing
from telemetry_site.core import clock
from telemetry_site.core.errors import BadDefinition


@login_required
def status(request: HttpRequest) -> HttpResponse:
    """Each source of the polling plan, and how it is doing; for staff."""
    if not request.user.is_staff:
        raise PermissionDenied
    now = clock.now()
    rows = [(job, standing(job, now)) for job in PollJob.objects.all()]
    context = {"rows": rows, "problem": _problem(), "now": now}
    return render(request, "pollsters/status.html", context)


def _problem() -> str:
    """What is wrong with the polling plan, if anything is."""
    try:
        plan.read(settings.TELEMETRY["POLLING_FILE"])
    except BadDefinition as error:
        return str(error)
    return ""
