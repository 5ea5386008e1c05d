"""Alarms, their history and quotas as answers."""

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from alarms import queries, quotas, wire
from alarms.api import shapes
from alarms.api.questions import Question
from alarms.listing import page
from alarms.models import Alarm, AlarmChange
from telemetry_site.core.api.lists import encode, json_list
from telemetry_site.core.api.view import json_answer
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.storage.sql import refusals

T = TypeVar("T", bound=Model)


def alarm_answer(alarm: Alarm, status: int = 200) -> HttpResponse:
    """An alarm."""
    return json_answer(encode(wire.shown(alarm, wire.last_slot())), status)


def alarm_list(asked: Question, caller: Caller) -> HttpResponseBase:
    """The alarms that are asked for, as far as the caller may see them."""
    rows = _found(queries.alarms(caller), asked, "alarm_id")
    slot = wire.last_slot()
    return json_list((wire.shown(one, slot) for one in rows), len(rows))


def change_list(asked: Question, rows: QuerySet[AlarmChange]) -> HttpResponseBase:
    """The lines of the history that are asked for."""
    found = _found(rows, asked, "event_id")
    return json_list(map(shapes.change, found), len(found))


def _found(rows: QuerySet[T], asked: Question, name: str) -> list[T]:
    with refusals():
        return list(page(rows.filter(asked.where), asked.listing, name))


def quota_answer(project: str | None, status: int = 200) -> HttpResponse:
    """The quotas of a project."""
    found = {"resource": quotas.RESOURCE, "limit": quotas.limit(project)}
    return json_answer(encode({"project_id": project, "quotas": [found]}), status)
