"""One alarm: its page, and what can be done with it there."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from alarms import alarmpage, curves, definition, deliveries, queries, services, silences, wire
from alarms.forms.silence import SilenceForm
from alarms.preview import DAY
from alarms.states import STATES
from telemetry_site.core import clock
from telemetry_site.core.errors import BadRequest, Forbidden, NotFound, TelemetryError, Unavailable
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.pages import DEED, WITH_FORM, page


@page("telemetry:get_alarm", "telemetry:alarm_history")
def alarm(request: HttpRequest, caller: Caller, alarm_id: str) -> HttpResponse:
    """What it watches, how it stands, and what has become of it."""
    now = clock.now()
    found = queries.alarm(alarm_id, caller)
    context = {
        **alarmpage.about(found, caller, now),
        **alarmpage.past_of(found, caller, request.GET.dict(), now),
        "curves": curves.curves(
            alarmpage.defined(found), caller, now, ask_prometheus="prometheus" in request.GET
        ),
        "silencing": SilenceForm(),
        "states": STATES,
        "now": now,
        "day_ago": now - DAY,
    }
    return render(request, "alarms/alarm_detail.html", context)


@page("telemetry:change_alarm_state", takes=DEED)
def set_state(request: HttpRequest, caller: Caller, alarm_id: str) -> HttpResponse:
    """Set its state by hand."""
    wanted = request.POST.get("state", "")

    def work() -> str:
        state = next((one for one in STATES if one == wanted), None)
        if state is None:
            raise BadRequest("state invalid")
        services.set_state(alarm_id, state, caller, clock.now())
        return f"The state is {state} now. No action is run for that."

    return _done(request, alarm_id, work)


@page("telemetry:change_alarm", takes=DEED)
def enable(request: HttpRequest, caller: Caller, alarm_id: str) -> HttpResponse:
    """Let it be evaluated, or not."""
    enabled = request.POST.get("enabled") == "yes"

    def work() -> str:
        body = {**wire.shown(queries.alarm(alarm_id, caller), None), "enabled": enabled}
        services.replace(alarm_id, definition.read(body), caller, clock.now(), keeps_state=True)
        return "It is evaluated again." if enabled else "It is not evaluated any more."

    return _done(request, alarm_id, work)


@page("telemetry:create_silence", takes=DEED)
def silence(request: HttpRequest, caller: Caller, alarm_id: str) -> HttpResponse:
    """Keep its actions from being run for a while."""
    found = queries.alarm(alarm_id, caller)
    form, now = SilenceForm(request.POST), clock.now()

    def work() -> str:
        if not form.is_valid():
            raise BadRequest(form.problem())
        made = silences.create(caller, now, **form.said(now), alarm_id=found.pk)
        return f"Its actions are not run until {made.ends_at:%Y-%m-%d %H:%M} UTC."

    return _done(request, alarm_id, work)


@page("telemetry:change_alarm", takes=DEED)
def try_again(request: HttpRequest, caller: Caller, alarm_id: str) -> HttpResponse:
    """Have a failed action run again."""
    chosen = request.POST.get("delivery", "")
    rows = queries.deliveries(caller).filter(alarm_id=queries.alarm(alarm_id, caller).pk)
    ids = rows.filter(pk=chosen if chosen.isdecimal() else 0).values_list("pk", flat=True)

    def work() -> str:
        count = deliveries.retry(list(ids), clock.now())
        return "It is tried again within a second." if count else "It has not failed any more."

    return _done(request, alarm_id, work)


@page("telemetry:delete_alarm", takes=WITH_FORM)
def delete(request: HttpRequest, caller: Caller, alarm_id: str) -> HttpResponse:
    """Ask once more, and delete it."""
    found = queries.alarm(alarm_id, caller)
    if request.method != "POST":
        return render(request, "alarms/alarm_delete.html", {"alarm": found})
    services.delete(alarm_id, caller, clock.now())
    messages.success(request, f"{found.name} is deleted. Its history is kept.")
    return redirect("alarms:alarms")


def _done(request: HttpRequest, alarm_id: str, work: Callable[[], str]) -> HttpResponse:
    """Back to the page of the alarm, which says what was done, or why not."""
    try:
        messages.success(request, work())
    except (Forbidden, NotFound, Unavailable):
        raise
    except TelemetryError as error:
        messages.error(request, str(error))
    return redirect("alarms:alarm", alarm_id)
