"""Alarms as the API writes them, and as their history keeps them."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from alarms.models import Alarm, EvaluationRound
from alarms.states import UNKNOWN
from alarms.watched import rule_of
from telemetry_site.core.clock import on_the_wire

FIELDS = (
    "alarm_id", "name", "description", "enabled", "ok_actions", "alarm_actions",
    "insufficient_data_actions", "repeat_actions", "type", "time_constraints", "project_id",
    "user_id", "timestamp", "state", "state_timestamp", "state_reason", "severity",
    "evaluate_timestamp",
)  # fmt: skip
# What the original does not have is not shown where it is as there, so that nobody wonders.
OURS: Mapping[str, Any] = {"no_data": UNKNOWN, "hold_rounds": 1}


def shown(alarm: Alarm, slot: datetime | None) -> dict[str, Any]:
    """An alarm; `slot` is the moment that the last round was for, see `last_slot`."""
    found = {**{name: _written(getattr(alarm, name)) for name in FIELDS}}
    found["evaluate_timestamp"] = on_the_wire(_evaluated(alarm, slot))
    found[f"{alarm.type}_rule"] = json.loads(alarm.rule)
    return {**found, **_ours(alarm)}


def detail(alarm: Alarm) -> dict[str, Any]:
    """All of an alarm as a line of its history has it, with the rule under `rule`."""
    found = {name: _written(getattr(alarm, name)) for name in FIELDS}
    return {**found, "rule": json.loads(alarm.rule), **_ours(alarm)}


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What differs between two details; times are no difference."""
    found = {**OURS, **after}
    return {
        name: value
        for name, value in found.items()
        if value != {**OURS, **before}.get(name) and not name.endswith("timestamp")
    }


def last_slot() -> datetime | None:
    """The moment that the current or last round of evaluation is for."""
    return EvaluationRound.objects.filter(pk=1).values_list("slot", flat=True).first()


def _evaluated(alarm: Alarm, slot: datetime | None) -> datetime:
    """When it was last due; one that is off, or waits for events, never is."""
    made: datetime = alarm.evaluate_timestamp
    due = slot and alarm.enabled and alarm.type != "event"
    return max(made, slot) if slot and due else made


def _written(value: Any) -> Any:
    return on_the_wire(value) if isinstance(value, datetime) else value


def _ours(alarm: Alarm) -> dict[str, Any]:
    return {name: value for name in OURS if (value := getattr(alarm, name)) != OURS[name]}


def sentence(alarm: Alarm) -> str:
    """The rule of an alarm in words."""
    return rule_of(alarm.type, alarm.rule).sentence()
