"""The web pages: lists of meters and resources, one meter with its chart, one resource."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header

from meters import meterpage, pages, queries, tables
from meters.answers import answer, every_row, newest
from meters.exports import csv_lines
from meters.filters import MeterFilter, ResourceFilter
from meters.questions import FILTERS, Question, read_question
from meters.selection import ResourceQuery, Selection
from meters.statistics import STANDARD, Statistics
from telemetry_site.core import clock
from telemetry_site.core.errors import NotFound
from telemetry_site.core.filters import ListFilter
from telemetry_site.core.headings import headings
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.pages import page
from telemetry_site.core.query.tree import Compare

CSV = "text/csv; charset=utf-8"
TEXT = "text/plain; charset=utf-8"


@page("telemetry:get_meters")
def meters(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The list of meter definitions."""
    everything = queries.series(caller)
    filters = MeterFilter(request.GET, queryset=everything)
    sort = request.GET.get("sort", "")
    shown = pages.paged(request, tables.meter_rows(filters.found(), sort))
    for row in shown["page"]:
        row["definition"] = pages.definition(row["type"], row["unit"])
    names = [row["meter"] for row in shown["page"]]
    context = {
        **shown,
        **_list(filters, sort),
        "headings": headings(pages.METER_COLUMNS, sort),
        "shared": tables.shared_names(everything, names),
    }
    return render(request, "meters/meter_list.html", context)


@page("telemetry:get_resources")
def resources(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The list of resources; what a row says comes from the last sample of each on the page."""
    filters = ResourceFilter(request.GET, queryset=queries.series(caller))
    sort = request.GET.get("sort", "")
    shown = pages.paged(request, tables.resource_rows(filters.found(), sort))
    names = tuple(row["resource"] for row in shown["page"])
    query = ResourceQuery(Selection(Compare("resource", "in", names)))
    found = {one.resource: one for one in queries.resources(query, caller)} if names else {}
    context = {
        **shown,
        **_list(filters, sort),
        "headings": headings(pages.RESOURCE_COLUMNS, sort),
        "resources": [found[name] for name in names if name in found],
        "now": clock.now(),
    }
    return render(request, "meters/resource_list.html", context)


def _list(filters: ListFilter, sort: str) -> dict[str, Any]:
    return {
        "form": filters.form,
        "problems": filters.problems(),
        "filtered": filters.narrows,
        "sort": sort,
    }


@page("telemetry:get_resource")
def resource(request: HttpRequest, caller: Caller, name: str) -> HttpResponse:
    """One resource: its owner, its metadata, its meters with their last values."""
    found = queries.resource(name, caller)
    everything = queries.series(caller)
    series = everything.filter(resource=name)
    shared = tables.shared_names(everything, [one.meter for one in series])
    context = {
        "resource": found,
        "metadata": pages.flattened(found.metadata),
        "rows": pages.latest_of_each(series, queries.latest(series), shared),
        "now": clock.now(),
    }
    return render(request, "meters/resource_detail.html", context)


@page("telemetry:compute_statistics")
def meter(request: HttpRequest, caller: Caller, name: str) -> HttpResponse:
    """One meter over time: a chart, and the numbers behind it."""
    now = clock.now()
    definitions, question, problems = _asked(request, caller, name, now)
    answered = answer(question, caller)
    series = queries.series(caller)
    context = {
        **meterpage.about(definitions),
        **meterpage.controls(question, definitions.in_url(), now),
        **meterpage.numbers(answered, pages.paged(request, answered.rows[::-1], pages.SHORT_PAGE)),
        **meterpage.elsewhere(None if answered.rows else newest(question, caller)),
        "known": {field: tables.known(series, name, field) for field in FILTERS},
        "problems": problems,
    }
    return render(request, "meters/meter_detail.html", context)


@page("telemetry:compute_statistics")
def meter_csv(request: HttpRequest, caller: Caller, name: str) -> HttpResponseBase:
    """Every period of every group, with every aggregate."""
    _, question, problems = _asked(request, caller, name, clock.now())
    return _csv(question, problems, every_row(question, caller), STANDARD)


@page("telemetry:compute_statistics")
def meter_shown_csv(request: HttpRequest, caller: Caller, name: str) -> HttpResponseBase:
    """What the chart draws: its groups, and the one aggregate."""
    _, question, problems = _asked(request, caller, name, clock.now())
    return _csv(question, problems, answer(question, caller).rows, (question.aggregate,))


def _asked(
    request: HttpRequest, caller: Caller, name: str, now: datetime
) -> tuple[meterpage.Definitions, Question, list[str]]:
    rows = tables.definitions(queries.series(caller), name)
    if not rows:
        raise NotFound("Meter", name)
    params = request.GET.dict()
    definitions = meterpage.chosen(name, rows, params)
    return definitions, *read_question(definitions.meter, params, now)


def _csv(
    question: Question, problems: list[str], rows: Iterable[Statistics], columns: Iterable[str]
) -> HttpResponseBase:
    """A file as it is read from the store; bad parameters are no file but a sentence each."""
    if problems:
        return HttpResponse("\n".join(problems), status=400, content_type=TEXT)
    lines = csv_lines(question, rows, columns)
    name = question.meter.name.replace("/", "_") or "meter"
    disposition = content_disposition_header(True, f"{name}.csv")
    headers = {"Content-Disposition": disposition or "attachment"}
    return StreamingHttpResponse(lines, content_type=CSV, headers=headers)
