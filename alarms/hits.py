"""Event alarms fire: a hit is a row that was written with the event, and goes with what follows."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from alarms import transitions, watched
from alarms.models import Hit
from alarms.states import ALARM, Decision, State
from alarms.transitions import Transition, Written
from alarms.watched import EVENT, Watched
from events.records import Event, Trait
from telemetry_site.core import clock
from telemetry_site.core.clock import on_the_wire
from telemetry_site.core.transactions import in_transaction

AT_ONCE = 1_000
# The numbers of the original's trait types.
KINDS = {"string": 1, "integer": 2, "float": 3, "datetime": 4}


def encoded(event: Event) -> str:
    """The event as JSON, as actions are told of it."""
    return msgspec.json.encode(
        {
            "message_id": event.message_id,
            "event_type": event.event_type,
            "generated": on_the_wire(event.generated),
            "traits": [_triple(one) for one in event.traits],
            "raw": event.raw,
        }
    ).decode()


def work_off() -> Written:
    """Let alarms fire until no hit is left that nobody else is at."""
    total = Written(0, 0)
    while (done := in_transaction(_some)) is not None:
        total = Written(*(one + two for one, two in zip(total, done, strict=True)))
    return total


def _some() -> Written | None:
    """The oldest of them; None where there are none. Each alarm sees its events in their order."""
    hits = list(Hit.objects.select_for_update(skip_locked=True).order_by("id")[:AT_ONCE])
    if not hits:
        return None
    now = clock.now()
    alarms = watched.locked(sorted({hit.alarm_id for hit in hits}))
    written = transitions.write(_fired(hits, alarms), (), now)
    Hit.objects.filter(pk__in=[hit.pk for hit in hits]).delete()
    return written


def _fired(hits: Sequence[Hit], alarms: Mapping[str, Watched]) -> list[Transition]:
    """What has fired once fires again only where actions are repeated; the history has each."""
    states: dict[str, State] = {one.alarm_id: one.state for one in alarms.values()}
    found = []
    for hit in hits:
        alarm = alarms.get(hit.alarm_id)
        if alarm is None or alarm.type != EVENT:
            continue
        if states[hit.alarm_id] != ALARM or alarm.repeat_actions:
            decision = _decision(alarm, json.loads(hit.event))
            found.append(Transition(alarm, states[hit.alarm_id], decision, recorded=True))
            states[hit.alarm_id] = ALARM
    return found


def _decision(alarm: Watched, event: Mapping[str, Any]) -> Decision:
    query = json.dumps(alarm.rule.shown()["query"], sort_keys=True)
    reason = (
        f"Event <id={event['message_id']},event_type={event['event_type']}> "
        f"hits the query <query={query}>."
    )
    return Decision(ALARM, reason, {"type": "event", "event": event})


def _triple(trait: Trait) -> tuple[str, int, Any]:
    value = on_the_wire(trait.value) if isinstance(trait.value, datetime) else trait.value
    return trait.name, KINDS[trait.type], value
