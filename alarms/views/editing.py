"""Alarms are made and changed: which type, the form of the type, and a try before."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from alarms import editing, queries
from alarms.forms.alarm import AlarmForm
from alarms.forms.types import ABOUT, METHODS
from alarms.models import Alarm
from telemetry_site.core import clock
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.pages import WITH_FORM, page


@page("telemetry:create_alarm", takes=WITH_FORM)
def new(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Make an alarm of the type that the URL names."""
    return _edited(request, caller, None)


@page("telemetry:change_alarm", takes=WITH_FORM)
def change(request: HttpRequest, caller: Caller, alarm_id: str) -> HttpResponse:
    """Define an alarm anew, also as one of another type."""
    return _edited(request, caller, queries.alarm(alarm_id, caller))


def _edited(request: HttpRequest, caller: Caller, alarm: Alarm | None) -> HttpResponse:
    given = request.GET.dict()
    type_ = given.pop("type", alarm.type if alarm else "")
    if type_ not in ABOUT:
        offered = {"alarm": alarm, "types": editing.types(caller).items()}
        return render(request, "alarms/alarm_types.html", offered)
    sent = request.POST if request.method == "POST" else None
    form = editing.form_of(type_, alarm, caller, given, sent)
    found = _worked(request, caller, alarm, form) if sent is not None else {}
    if isinstance(found, HttpResponse):
        return found
    context = {
        **found,
        "alarm": alarm,
        "form": form,
        "title": ABOUT[type_][0],
        "about": ABOUT[type_][1],
        "meters": editing.suggested(caller),
        "methods": METHODS,
    }
    return render(request, "alarms/alarm_form.html", context)


def _worked(
    request: HttpRequest, caller: Caller, alarm: Alarm | None, form: AlarmForm
) -> HttpResponse | dict[str, Any]:
    """What came of a form: the page of the alarm, or what this page shows besides."""
    said, now = editing.read(form), clock.now()
    if said is None:
        return {}
    if "try" in request.POST:
        return editing.tried(form, said, caller, now)
    if alarm is not None and request.POST.get("seen") != str(alarm.generation):
        form.add_error(None, editing.CHANGED)
        return {}
    saved = editing.save(form, said, alarm, caller, now)
    if saved is None:
        return {}
    messages.success(request, "It is saved." if alarm else "It is made.")
    return redirect("alarms:alarm", saved.alarm_id)
