"""Lines of the history of alarms as people read them, with what came of their actions."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from alarms import deliveries, queries
from alarms.actions.addresses import shown
from alarms.definition import ACTIONS
from alarms.models import AlarmChange, Delivery
from alarms.services import CREATION, DELETION, RULE_CHANGE
from telemetry_site.core.identity.caller import Caller

WORDS: Final[Mapping[str, str]] = {CREATION: "Made", DELETION: "Deleted"}
NOBODY: Final = "evaluation"
NOTHING: Final = "–"
REASON: Final = "transition_reason"  # which rounds and events leave
STANDING: Final[Mapping[str, tuple[str, str]]] = {
    Delivery.WAITING: ("busy", "Waits"),
    Delivery.ARRIVED: ("good", "Arrived"),
    Delivery.FAILED: ("bad", "Failed"),
    Delivery.SILENCED: ("", "Silenced"),
}


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an action; `called` is its address without what is secret in it."""

    id: int
    called: str
    kind: str
    word: str
    attempts: int
    answer: str
    made_at: datetime
    next_try: datetime | None
    failed: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A change of an alarm: why in words, the values as indented JSON, and who did it.

    `there` says whether the alarm still is.
    """

    alarm_id: str
    name: str
    there: bool
    when: datetime
    kind: str
    state: str
    why: str
    values: str
    by: str
    results: Sequence[Result]


def lines(changes: Sequence[AlarmChange], caller: Caller) -> list[Line]:
    """The changes in their order; the caller may see all of them."""
    told = deliveries.results([one.event_id for one in changes])
    ids = {one.alarm_id for one in changes}
    there = dict(queries.alarms(caller).filter(pk__in=ids).values_list("alarm_id", "name"))
    called = {**_last_names(ids - there.keys(), caller), **there}
    return [
        Line(
            one.alarm_id,
            called.get(one.alarm_id, one.alarm_id),
            one.alarm_id in there,
            one.timestamp,
            one.type,
            one.state,
            *_said(one),
            one.user_id or (NOBODY if REASON in one.detail else NOTHING),
            results(told.get(one.event_id, ())),
        )
        for one in changes
    ]


def results(rows: Iterable[Delivery]) -> list[Result]:
    """What came of these actions."""
    return [
        Result(
            one.pk, shown(one.action), *STANDING[one.status], one.attempts, one.answer,
            one.made_at, one.next_try, one.status == Delivery.FAILED,
        )
        for one in rows
    ]  # fmt: skip


def _last_names(alarm_ids: Iterable[str], caller: Caller) -> dict[str, str]:
    """What alarms were called when they were deleted."""
    wanted = list(alarm_ids)
    if not wanted:
        return {}
    rows = queries.history(caller).filter(alarm_id__in=wanted, type=DELETION)
    return {
        one: json.loads(detail)["name"] for one, detail in rows.values_list("alarm_id", "detail")
    }


def _said(change: AlarmChange) -> tuple[str, str]:
    """Why, and the values behind it."""
    detail = json.loads(change.detail)
    if change.type in WORDS:
        return WORDS[change.type], _indented(_without_secrets(detail))
    if change.type == RULE_CHANGE:
        names = ", ".join(name.replace("_", " ") for name in detail)
        return f"Changed: {names}", _indented(_without_secrets(detail))
    why = detail.get(REASON) or detail.get("state_reason") or ""
    return why, _indented(json.loads(change.reason_data)) if change.reason_data else ""


def _without_secrets(detail: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: [shown(one) for one in value or ()] if name in ACTIONS else value
        for name, value in detail.items()
    }


def _indented(data: Any) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False)
