"""The status page: what this service reads and measures by itself, and how that goes."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from alarms.standing import standing as of_actions
from pollsters import plan
from pollsters.models import PollJob
from pollsters.standing import standing
from telemetry_site import reading
from telemetry_site.core import clock
from telemetry_site.core.errors import BadDefinition
from telemetry_site.core.messaging.models import RejectedMessage
from telemetry_site.core.pipeline.models import PipelineStanding
from telemetry_site.core.publishers.standing import lines
from telemetry_site.pipelines import KINDS, check, in_use


@login_required
def status(request: HttpRequest) -> HttpResponse:
    """Each queue and each polled source, and how it is doing; for staff."""
    if not request.user.is_staff:
        raise PermissionDenied
    now = clock.now()
    context = {
        "now": now,
        "queues": reading.queues(settings.TELEMETRY, now),
        "rejected": RejectedMessage.objects.count(),
        "jobs": [(job, standing(job, now)) for job in PollJob.objects.all()],
        "problem": _problem(),
        "sinks": PipelineStanding.objects.all(),
        "publishers": lines(now),
        "actions": of_actions(now),
        "faults": [fault for kind in KINDS for fault in check(in_use(kind), kind).faults],
    }
    return render(request, "telemetry_site/status.html", context)


def _problem() -> str:
    """What is wrong with the polling plan, if anything is."""
    try:
        plan.read(settings.TELEMETRY["POLLING_FILE"])
    except BadDefinition as error:
        return str(error)
    return ""
