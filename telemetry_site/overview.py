"""The first page: what is stored, what has just come in, and how alarms stand."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from alarms.overview import overview as how_alarms_stand
from meters.overview import overview as what_is_stored
from telemetry_site.core import clock
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.identity.policy import allows
from telemetry_site.core.pages import page


@page("telemetry:get_samples")
def overview(request: HttpRequest, caller: Caller) -> HttpResponse:
    """What the caller may see of it."""
    now = clock.now()
    found = what_is_stored(caller, now)
    context = {name: getattr(found, name) for name in ("stock", "recent", "busiest", "newest")}
    shown = allows(caller, "telemetry:get_alarms")
    alarms = how_alarms_stand(caller, now) if shown else None
    context = {**context, "alarms": alarms, "now": now}
    return render(request, "telemetry_site/overview.html", context)
