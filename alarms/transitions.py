"""What follows from a decision about an alarm: its state, a line of its history, its actions.

All of it is written in the caller's transaction, or none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

import msgspec

from alarms import deliveries, rows, silences
from alarms.actions.addresses import target
from alarms.models import Alarm, AlarmChange, Delivery, Silence
from alarms.states import ALARM, OK, UNKNOWN, Decision, State
from alarms.watched import Watched

STATE_TRANSITION = "state transition"
ACTIONS: Mapping[str, str] = {
    OK: "ok_actions",
    ALARM: "alarm_actions",
    UNKNOWN: "insufficient_data_actions",
}
CHANGE = (
    "event_id", "alarm_id", "type", "detail", "on_behalf_of", "timestamp", "severity", "state",
    "reason_data",
)  # fmt: skip
DELIVERY = (
    "delivery_id", "alarm_id", "alarm_name", "project_id", "change", "action", "target", "body",
    "status", "attempts", "made_at", "next_try", "ended_at", "answer", "generation",
)  # fmt: skip

_json = msgspec.json.Encoder().encode


class Transition(NamedTuple):
    """That an alarm which was in a state is to be in the decision's, or to repeat its actions.

    `recorded` says that it makes a line of the history.
    """

    alarm: Watched
    previous: State
    decision: Decision
    recorded: bool


class Coming(NamedTuple):
    """That a state has been found so many rounds in a row, and does not count yet."""

    alarm: Watched
    state: str
    rounds: int


class Written(NamedTuple):
    """How many alarms changed their state, and how many actions are to be run."""

    changed: int
    actions: int


def write(transitions: Sequence[Transition], comings: Sequence[Coming], now: datetime) -> Written:
    """Write what has become of alarms that nobody has changed since they were read.

    Of several transitions of one alarm the last is its state.
    """
    standing = {one.alarm.alarm_id: _standing(one, now) for one in transitions}
    standing |= {one.alarm.alarm_id: _waiting(one) for one in comings}
    kept = rows.update(list(standing.values()))
    followed = [(one, str(uuid4())) for one in transitions if one.alarm.alarm_id in kept]
    changes = [_change(one, event_id, now) for one, event_id in followed if one.recorded]
    rows.insert(AlarmChange, CHANGE, changes)
    return Written(len(changes), _act(followed, now))


def _standing(one: Transition, now: datetime) -> rows.Standing:
    alarm, state = one.alarm, one.decision.state
    since = now if state != alarm.state else alarm.state_timestamp
    return rows.Standing(
        alarm.alarm_id, alarm.generation, state, one.decision.reason, since, "", 0, alarm.state
    )


def _waiting(one: Coming) -> rows.Standing:
    alarm = one.alarm
    return rows.Standing(
        alarm.alarm_id, alarm.generation, alarm.state, alarm.state_reason, alarm.state_timestamp,
        one.state, one.rounds, alarm.state,
    )  # fmt: skip


def _change(one: Transition, event_id: str, now: datetime) -> tuple[Any, ...]:
    alarm, decision = one.alarm, one.decision
    detail = _json({"state": decision.state, "transition_reason": decision.reason}).decode()
    return (
        event_id, alarm.alarm_id, STATE_TRANSITION, detail, alarm.project_id, now, alarm.severity,
        decision.state, _json(decision.data).decode(),
    )  # fmt: skip


def _act(followed: Sequence[tuple[Transition, str]], now: datetime) -> int:
    """Leave a row for each action; those that are silenced have ended already.

    A repetition says nothing new while the one before it waits.
    """
    lists = _actions({one.alarm.alarm_id for one, _ in followed})
    acting = [pair for pair in followed if lists[pair[0].alarm.alarm_id][pair[0].decision.state]]
    if not acting:
        return 0
    silenced = silences.matching([one.alarm for one, _ in acting], now)
    repeats = not all(one.recorded for one, _ in acting)
    waiting = deliveries.repetitions() if repeats else set()
    made: list[tuple[Any, ...]] = []
    for one, event_id in acting:
        alarm_id = one.alarm.alarm_id
        actions: Iterable[str] = lists[alarm_id][one.decision.state]
        if not one.recorded:
            actions = [action for action in actions if (alarm_id, action) not in waiting]
        change = event_id if one.recorded else ""
        made.extend(_deliveries(one, change, actions, silenced.get(alarm_id), now))
    rows.insert(Delivery, DELIVERY, made)
    return len(made)


def _actions(alarm_ids: Iterable[str]) -> dict[str, dict[str, list[str]]]:
    """The actions of each state, by alarm."""
    found = Alarm.objects.filter(alarm_id__in=list(alarm_ids)).values_list(
        "alarm_id", *ACTIONS.values()
    )
    return {
        alarm_id: {state: some or [] for state, some in zip(ACTIONS, lists, strict=True)}
        for alarm_id, *lists in found
    }


def _body(one: Transition) -> str:
    """What every action is told, in the contract's words."""
    return _json(
        {
            "alarm_id": one.alarm.alarm_id,
            "alarm_name": one.alarm.name,
            "severity": one.alarm.severity,
            "previous": one.previous,
            "current": one.decision.state,
            "reason": one.decision.reason,
            "reason_data": one.decision.data,
        }
    ).decode()


def _deliveries(
    one: Transition, change: str, actions: Iterable[str], silence: Silence | None, now: datetime
) -> Iterator[tuple[Any, ...]]:
    """A row for each of the actions."""
    alarm, body = one.alarm, _body(one)
    ended, said, status = None, "", Delivery.WAITING
    if silence is not None:
        ended, said, status = now, silence.reason, Delivery.SILENCED
    for action in actions:
        yield (
            str(uuid4()), alarm.alarm_id, alarm.name, alarm.project_id, change, action,
            target(action), body, status, 0, now, None if ended else now, ended, said, 0,
        )  # fmt: skip
