"""The lists: alarms, and what became of them."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from alarms import history, lists, queries, silences
from alarms.filters import AlarmFilter, ChangeFilter, OwnersFilter
from alarms.listing import NEWEST
from alarms.lists import Part
from telemetry_site.core import clock
from telemetry_site.core.headings import headings
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.pages import page


@page("telemetry:get_alarms")
def alarms(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The list of alarms, with how many are in which state."""
    now, params = clock.now(), request.GET.dict()
    everything = queries.alarms(caller)
    filters = AlarmFilter(params, everything, caller, now)
    state, sort = params.get("state", ""), params.get("sort", "")
    others = AlarmFilter({**params, "state": ""}, everything, caller, now) if state else filters
    part = lists.part(filters.found(), params, lists.order(sort), "alarm_id")
    silenced = silences.matching(part.rows, now)
    context = {
        **_list(filters, part, params),
        "tallies": lists.tallies(others.found()),
        "state": state,
        "rows": [(one, silenced.get(one.alarm_id)) for one in part.rows],
        "headings": headings(lists.ALARM_COLUMNS, sort or lists.NEWEST_STATE),
        "sort": sort,
        "now": now,
    }
    return render(request, "alarms/alarm_list.html", context)


@page("telemetry:query_alarm_history")
def changes(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The history of all alarms, of deleted ones too."""
    now, params = clock.now(), request.GET.dict()
    filters = ChangeFilter(params, queries.history(caller), caller, now)
    part = lists.part(filters.found(), params, NEWEST, "event_id")
    context = {**_list(filters, part, params), "lines": history.lines(part.rows, caller)}
    return render(request, "alarms/history.html", context)


def _list(filters: OwnersFilter, part: Part[Any], params: Mapping[str, str]) -> dict[str, Any]:
    return {
        "form": filters.form,
        "problems": [*filters.problems(), *part.problems],
        "filtered": filters.narrows,
        "part": part,
    }
