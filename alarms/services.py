"""Alarms are made, replaced, deleted and set to a state; each with its line of the history.

Each is one transaction. An alarm that is replaced is locked meanwhile, so that of two who replace
it at once the last wins whole; what evaluation writes later, to the generation that it has read,
it does not write any more. A replacement is of everything, the state too: what evaluation has
found between a client's GET and its PUT is lost, as in the original, unless the caller says that
the state is to be kept.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec
from django.conf import settings
from django.db.models import F

from alarms import ownership, queries, quotas, wire
from alarms.alone import Guarded, alone_at
from alarms.definition import Definition
from alarms.models import Alarm, AlarmChange, EventAlarms
from alarms.ownership import Owners
from alarms.rules.rule import Rule
from alarms.states import State
from telemetry_site.core.errors import AlarmNotFound, BadRequest, Conflict
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.transactions import in_transaction

CREATION, RULE_CHANGE = "creation", "rule change"
STATE_TRANSITION, DELETION = "state transition", "deletion"
BY_HAND = "Manually set via API"
EVENT, COMBINATION = "event", "combination"
ROW = 1
# What a definition says under the name of the column.
DEFINED = (
    "name", "description", "enabled", "type", "severity", "ok_actions", "alarm_actions",
    "insufficient_data_actions", "repeat_actions", "time_constraints", "no_data", "hold_rounds",
)  # fmt: skip


def create(definition: Definition, caller: Caller, now: datetime) -> Alarm:
    """Make an alarm.

    Raises BadRequest and NotAuthorized for what it names, AlarmNotFound for one that it combines,
    Conflict for a name that is taken, Forbidden where a quota is full.
    """
    _check_actions(definition, caller)
    owners = ownership.of_new(definition.owners, caller)

    def work() -> Alarm:
        quotas.check(owners.user, owners.project)
        alarm = Alarm(
            alarm_id=str(uuid4()),
            state=definition.state,
            state_timestamp=now,
            evaluate_timestamp=now,
        )
        _define(alarm, definition, owners, caller, now)
        if _name_is_taken(alarm):
            raise Conflict(f"Alarm with name='{alarm.name}' exists")
        alarm.save(force_insert=True)
        _record(alarm, CREATION, wire.detail(alarm), caller, now, alarm.state)
        _note_event_alarm(alarm.type)
        return alarm

    return in_transaction(work)


def replace(
    alarm_id: str,
    definition: Definition,
    caller: Caller,
    now: datetime,
    *,
    keeps_state: bool = False,
) -> Alarm:
    """Define an alarm anew; what the definition does not say is as for a new one, owners apart.

    With `keeps_state` the state is what evaluation says by then, whatever the definition says.
    Raises AlarmNotFound, and what `create` raises but for quotas.
    """
    _check_actions(definition, caller)

    def work() -> Alarm:
        alarm = _locked(alarm_id, caller)
        before, name, type_ = wire.detail(alarm), alarm.name, alarm.type
        stored = Owners(alarm.user_id, alarm.project_id)
        owners = ownership.of_changed(definition.owners, stored, caller)
        _define(alarm, definition, owners, caller, now)
        if alarm.name != name and _name_is_taken(alarm):
            raise Conflict(f"Alarm with name={alarm.name} exists")
        if not keeps_state and alarm.state != definition.state:
            _set_state(alarm, definition.state, now)
        _save_changed(alarm)
        if changes := wire.changes(before, wire.detail(alarm)):
            _record(alarm, RULE_CHANGE, changes, caller, now, changes.get("state", ""))
        _note_event_alarm(type_, alarm.type)
        return alarm

    return in_transaction(work)


def delete(alarm_id: str, caller: Caller, now: datetime) -> None:
    """Delete an alarm; its history stays. Raises AlarmNotFound."""

    def work() -> None:
        alarm = _locked(alarm_id, caller)
        _record(alarm, DELETION, wire.detail(alarm), caller, now)
        _note_event_alarm(alarm.type)
        alarm.delete()

    in_transaction(work)


def set_state(alarm_id: str, state: State, caller: Caller, now: datetime) -> Alarm:
    """Set the state of an alarm, which runs none of its actions. Raises AlarmNotFound."""

    def work() -> Alarm:
        alarm = _locked(alarm_id, caller)
        _set_state(alarm, state, now)
        _save_changed(alarm)
        detail = {"state": state, "state_reason": BY_HAND}
        _record(alarm, STATE_TRANSITION, detail, caller, now, state)
        return alarm

    return in_transaction(work)


def _locked(alarm_id: str, caller: Caller) -> Alarm:
    """The alarm, which nobody else changes until the transaction ends."""
    some = queries.alarms(caller).select_for_update()
    alarm = None if "\0" in alarm_id else some.filter(alarm_id=alarm_id).first()
    if alarm is None:
        raise AlarmNotFound(alarm_id)
    return alarm


def _check_actions(definition: Definition, caller: Caller) -> None:
    definition.check_actions(
        settings.TELEMETRY["ALARM_MAX_ACTIONS"], is_admin=caller.confined_to is None
    )


def _define(
    alarm: Alarm, definition: Definition, owners: Owners, caller: Caller, now: datetime
) -> None:
    """Give the alarm everything that the definition says, but for the state."""
    confined_to = ownership.confined_to(owners.project, caller)
    rule = definition.rule if confined_to is None else definition.rule.scoped(confined_to)
    if definition.type == COMBINATION:
        check_combined(rule, alarm.alarm_id, confined_to)
    for name in DEFINED:
        setattr(alarm, name, getattr(definition, name))
    alarm.rule = msgspec.json.encode(rule.shown()).decode()
    alarm.meter = rule.meter
    alarm.user_id, alarm.project_id = owners
    alarm.confined_to = confined_to
    alarm.timestamp = now


def check_combined(rule: Rule, alarm_id: str, project: str | None) -> None:
    """Every alarm that is combined must be there to see, and another one.

    Raises BadRequest, AlarmNotFound.
    """
    alarm_ids = rule.shown()["alarm_ids"]
    if alarm_id in alarm_ids:
        raise BadRequest(f"Cannot specify alarm {alarm_id} itself in combination rule")
    found = Alarm.objects.filter(alarm_id__in=alarm_ids)
    if project is not None:
        found = found.filter(project_id=project)
    there = set(found.values_list("alarm_id", flat=True))
    for one in alarm_ids:
        if one not in there:
            raise AlarmNotFound(one, project)


def _name_is_taken(alarm: Alarm) -> bool:
    """Whether the project has another alarm of the name, where that matters."""
    if not settings.TELEMETRY["ALARM_UNIQUE_NAMES"]:
        return False
    alone_at(Guarded.ALARMS_OF_PROJECT, alarm.project_id)
    others = Alarm.objects.filter(project_id=alarm.project_id, name=alarm.name)
    return others.exclude(pk=alarm.pk).exists()


def _set_state(alarm: Alarm, state: State, now: datetime) -> None:
    alarm.state = state
    alarm.state_timestamp = now
    alarm.state_reason = BY_HAND


def _save_changed(alarm: Alarm) -> None:
    """Save it as another one than was read; a state that was on its way is so no more."""
    alarm.generation += 1
    alarm.coming_state, alarm.coming_rounds = "", 0
    alarm.save(force_update=True)


def _record(
    alarm: Alarm,
    kind: str,
    detail: Mapping[str, Any],
    caller: Caller,
    now: datetime,
    state: str = "",
) -> None:
    AlarmChange.objects.create(
        event_id=str(uuid4()),
        alarm_id=alarm.alarm_id,
        type=kind,
        detail=msgspec.json.encode(detail).decode(),
        user_id=caller.user,
        project_id=caller.project,
        on_behalf_of=alarm.project_id,
        timestamp=now,
        severity=alarm.severity,
        state=state,
    )


def _note_event_alarm(*types: str) -> None:
    """Let those who know the event alarms by heart read them again."""
    if EVENT not in types:
        return
    row = EventAlarms.objects.filter(pk=ROW)
    if not row.update(generation=F("generation") + 1):
        EventAlarms.objects.bulk_create([EventAlarms(pk=ROW)], ignore_conflicts=True)
        row.update(generation=F("generation") + 1)
