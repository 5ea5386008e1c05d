"""The web pages: the list of events, and one event."""

import json
from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from events import pages, queries
from events.api import wire
from events.pages import PAGE
from telemetry_site.core.errors import BadRequest
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.pages import page

FIELDS = (
    ("type", "Type", "volume.create.end"),
    ("since", "Since", "2026-03-01 12:00"),
    ("until", "Until", ""),
    ("project", "Project", ""),
    ("resource", "Resource", ""),
    ("traits", "Traits", "size>integer::5"),
)


@page("telemetry:events:index")
def events(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The newest events, a page at a time."""
    asked = pages.asked(request.GET.dict())
    found, problems = [], asked.problems
    try:
        found = list(queries.events(asked.query, _whole(caller), all_tenants=True))
    except BadRequest as error:  # a marker that is gone
        problems = [*problems, str(error)]
    shown = [] if asked.problems else found[:PAGE]
    context = {
        "rows": [(one, pages.resource_of(one), pages.project_of(one)) for one in shown],
        "fields": [(name, title, hint, asked.given[name]) for name, title, hint in FIELDS],
        "filtered": asked.filtered,
        "later": bool(asked.query.marker),
        "older": asked.older(shown[-1]) if len(found) > PAGE and shown else "",
        "problems": problems,
    }
    return render(request, "events/event_list.html", context)


@page("telemetry:events:show")
def event(request: HttpRequest, caller: Caller, message_id: UUID) -> HttpResponse:
    """One event with its traits and what was said."""
    found = queries.event(message_id, _whole(caller), str(message_id), all_tenants=True)
    context = {
        "event": found,
        "resource": pages.resource_of(found),
        "traits": wire.event(found).traits,
        "raw": json.dumps(found.raw, indent=2, ensure_ascii=False) if found.raw else "",
    }
    return render(request, "events/event_detail.html", context)


def _whole(caller: Caller) -> Caller:
    """An account that may see all needs no project to look."""
    return replace(caller, user=caller.user or "", project=caller.project or "")
