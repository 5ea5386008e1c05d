"""Silences: which there are, a new one, and an early end."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from alarms import queries, silences
from alarms.forms.silence import WideSilenceForm
from telemetry_site.core import clock
from telemetry_site.core.errors import TelemetryError
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.identity.policy import require
from telemetry_site.core.pages import DEED, WITH_FORM, page


@page("telemetry:get_silences", takes=WITH_FORM)
def silence_list(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Those in force, and a form for another."""
    now = clock.now()
    form = WideSilenceForm(request.POST or None, request.GET.dict())
    if request.method == "POST":
        require(caller, "telemetry:create_silence")
        if _made(form, caller):
            messages.success(request, "The silence begins now.")
            return redirect("alarms:silences")
    found = silences.active(caller, now)
    names = dict(
        queries.alarms(caller)
        .filter(alarm_id__in=[one.alarm_id for one in found])
        .values_list("alarm_id", "name")
    )
    own = caller.confined_to
    rows = [
        (one, names.get(one.alarm_id, one.alarm_id), own is None or one.owner == own)
        for one in found
    ]
    return render(request, "alarms/silences.html", {"rows": rows, "form": form, "now": now})


@page("telemetry:delete_silence", takes=DEED)
def end(request: HttpRequest, caller: Caller, silence_id: str) -> HttpResponse:
    """End a silence now."""
    silences.end(silence_id.replace("\0", ""), caller, clock.now())
    messages.success(request, "The silence has ended.")
    return redirect("alarms:silences")


def _made(form: WideSilenceForm, caller: Caller) -> bool:
    """Whether it is made; what is refused stands in the form."""
    now = clock.now()
    if not form.is_valid():
        return False
    try:
        silences.create(caller, now, **form.said(now))
    except TelemetryError as error:
        form.add_error(None, str(error))
        return False
    return True
