"""Alarms, their history and silences as the command line prints them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from alarms import deliveries, silences, wire
from alarms.actions.addresses import shown
from alarms.models import Alarm, AlarmChange, Delivery, Silence
from alarms.preview import Move
from telemetry_site.core.clock import on_the_wire


class AlarmRow(msgspec.Struct):
    """An alarm in a list."""

    alarm_id: str
    name: str
    type: str
    state: str
    since: str
    severity: str
    enabled: bool
    project: str | None
    silenced: str | None


class ChangeRow(msgspec.Struct):
    """A line of the history; `actions` says what became of each that was to be run."""

    timestamp: str
    alarm_id: str
    type: str
    what: str
    by: str | None
    actions: str | None


class MoveRow(msgspec.Struct):
    """A change of state that would have been."""

    timestamp: str
    previous: str
    current: str
    reason: str


class SilenceRow(msgspec.Struct):
    """A silence."""

    silence_id: str
    ends_at: str
    alarm_id: str | None
    project: str | None
    names: str | None
    reason: str
    made_by: str | None


class FieldRow(msgspec.Struct):
    """One thing about an alarm."""

    field: str
    value: str


def alarms(found: Sequence[Alarm], now: datetime) -> Iterator[AlarmRow]:
    """Alarms."""
    silenced = silences.matching(found, now)
    for one in found:
        quiet = silenced.get(one.alarm_id)
        yield AlarmRow(
            one.alarm_id,
            one.name,
            one.type,
            one.state,
            on_the_wire(one.state_timestamp),
            one.severity,
            one.enabled,
            one.project_id,
            f"until {on_the_wire(quiet.ends_at)}: {quiet.reason}" if quiet else None,
        )


def fields(alarm: Alarm, now: datetime) -> Iterator[FieldRow]:
    """All about one alarm, its rule in words too."""
    quiet = silences.matching([alarm], now).get(alarm.alarm_id)
    for name, value in wire.shown(alarm, wire.last_slot()).items():
        yield FieldRow(name, _text(value))
    yield FieldRow("rule in words", wire.sentence(alarm))
    if quiet:
        yield FieldRow("silenced", f"until {on_the_wire(quiet.ends_at)}: {quiet.reason}")


def changes(found: Sequence[AlarmChange]) -> Iterator[ChangeRow]:
    """Lines of the history, each with what became of its actions."""
    results = deliveries.results([one.event_id for one in found])
    for one in found:
        yield ChangeRow(
            on_the_wire(one.timestamp),
            one.alarm_id,
            one.type,
            _what(one),
            one.user_id,
            _actions(results.get(one.event_id, ())) or None,
        )


def moves(found: Iterable[Move]) -> Iterator[MoveRow]:
    """What would have been."""
    for one in found:
        yield MoveRow(on_the_wire(one.timestamp), one.previous, one.current, one.reason)


def silenced(found: Iterable[Silence]) -> Iterator[SilenceRow]:
    """Silences."""
    for one in found:
        yield SilenceRow(
            one.silence_id,
            on_the_wire(one.ends_at),
            one.alarm_id or None,
            one.project_id or None,
            one.name_pattern or None,
            one.reason,
            one.made_by,
        )


def _what(change: AlarmChange) -> str:
    """What has changed, in a line."""
    said: Mapping[str, Any] = json.loads(change.detail)
    if change.state and "name" not in said:
        why = said.get("transition_reason") or said.get("state_reason") or ""
        return f"{change.state}: {why}" if why else change.state
    if change.type in ("creation", "deletion"):
        return f"{said['name']} ({said['type']})"
    return ", ".join(f"{name}: {_text(value)}" for name, value in said.items())


def _actions(some: Iterable[Delivery]) -> str:
    """Each action with how it stands."""
    return "; ".join(f"{shown(one.action)} {one.status} {one.answer}".strip() for one in some)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
