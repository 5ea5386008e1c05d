"""Event alarms fire: a hit is a row that was written with the event, and goes with what follows."""

from collections.abc import Mapping, Sequence
from typing import cast

import msgspec

from alarms import transitions, watched
from alarms.models import Hit
from alarms.rules.event import EventRule
from alarms.rules.occurrence import told
from alarms.states import ALARM, State
from alarms.transitions import Transition, Written
from alarms.watched import EVENT, Watched
from events.records import Event
from telemetry_site.core import clock
from telemetry_site.core.transactions import in_transaction

AT_ONCE = 1_000


def encoded(event: Event) -> str:
    """The event as a hit keeps it."""
    return msgspec.json.encode(told(event)).decode()


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
            decision = cast(EventRule, alarm.rule).decision(msgspec.json.decode(hit.event))
            found.append(Transition(alarm, states[hit.alarm_id], decision, recorded=True))
            states[hit.alarm_id] = ALARM
    return found
