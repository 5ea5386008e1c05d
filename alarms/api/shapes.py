"""What the answers of the alarms' routes look like."""

from typing import Any

import msgspec

from alarms.models import AlarmChange, Silence
from alarms.preview import Preview
from alarms.states import State
from telemetry_site.core.clock import on_the_wire


class WireAlarm(msgspec.Struct):
    """An alarm; beside these it has one rule, under the name of its type with _rule behind."""

    alarm_id: str
    name: str
    description: str
    enabled: bool
    ok_actions: list[str] | None
    alarm_actions: list[str] | None
    insufficient_data_actions: list[str] | None
    repeat_actions: bool
    type: str
    time_constraints: list[dict[str, Any]]
    project_id: str | None
    user_id: str | None
    timestamp: str
    state: str
    state_timestamp: str
    state_reason: str
    severity: str
    evaluate_timestamp: str
    no_data: str | msgspec.UnsetType = msgspec.UNSET
    hold_rounds: int | msgspec.UnsetType = msgspec.UNSET


class WireChange(msgspec.Struct):
    """A line of the history of an alarm; `detail` is JSON in a text."""

    event_id: str
    alarm_id: str
    type: str
    detail: str
    project_id: str | None
    user_id: str | None
    on_behalf_of: str | None
    timestamp: str


class WireQuota(msgspec.Struct):
    """How many of a resource; -1 for any number."""

    resource: str
    limit: int


class WireQuotas(msgspec.Struct):
    """The quotas of a project."""

    project_id: str | None
    quotas: list[WireQuota]


class WireCounters(msgspec.Struct):
    """How often the evaluations of an alarm have found each state."""

    alarm_id: str
    project_id: str | None
    state_counters: dict[str, int]


class WireMetrics(msgspec.Struct):
    """The counters of every alarm."""

    evaluation_results: list[WireCounters]


class WireMove(msgspec.Struct):
    """A change of state that would have been."""

    timestamp: str
    previous: str
    current: str
    reason: str


class WirePreview(msgspec.Struct):
    """How an alarm would have behaved: its moves, and for each state seconds and calls of actions.

    `values` are pairs of a time and what the round of that time would have found last.
    """

    start: str
    end: str
    interval: int
    transitions: list[WireMove]
    seconds: dict[State, int]
    actions: dict[State, int]
    values: list[tuple[str, float]]
    threshold: float | None


class WireSilence(msgspec.Struct):
    """A silence; what is empty is not asked of an alarm."""

    silence_id: str
    alarm_id: str
    project_id: str
    name_pattern: str
    ends_at: str
    reason: str
    owner: str | None
    made_by: str | None
    made_at: str


def change(found: AlarmChange) -> WireChange:
    """A line of the history."""
    return WireChange(
        found.event_id,
        found.alarm_id,
        found.type,
        found.detail,
        found.project_id,
        found.user_id,
        found.on_behalf_of,
        on_the_wire(found.timestamp),
    )


def silence(found: Silence) -> WireSilence:
    """A silence."""
    return WireSilence(
        found.silence_id,
        found.alarm_id,
        found.project_id,
        found.name_pattern,
        on_the_wire(found.ends_at),
        found.reason,
        found.owner,
        found.made_by,
        on_the_wire(found.made_at),
    )


def preview(found: Preview) -> WirePreview:
    """A preview."""
    return WirePreview(
        on_the_wire(found.start),
        on_the_wire(found.end),
        found.interval,
        [
            WireMove(on_the_wire(one.timestamp), one.previous, one.current, one.reason)
            for one in found.moves
        ],
        found.seconds,
        found.actions,
        [(on_the_wire(at), value) for at, value in found.line],
        found.threshold,
    )
