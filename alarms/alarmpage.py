"""One alarm for its page: the rule in words, its states over time, what its actions came to."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from django.db.models import QuerySet

from alarms import charts, history, lists, queries, silences
from alarms.actions.addresses import shown
from alarms.charts import Stretch
from alarms.definition import Definition
from alarms.listing import NEWEST
from alarms.models import Alarm
from alarms.ownership import Owners
from alarms.preview import DAY, Preview
from alarms.replay import past
from alarms.rules.combination import CombinationRule
from alarms.rules.rule import Rule
from alarms.states import UNKNOWN, State
from alarms.transitions import ACTIONS
from alarms.watched import rule_of
from telemetry_site.core.identity.caller import Caller

MOST_REPETITIONS: Final = 10
SPANS: Final[Mapping[str, tuple[str, timedelta]]] = {
    "1": ("Day", DAY), "7": ("Week", 7 * DAY), "30": ("Month", 30 * DAY),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """The states between two moments, with how much of the time each took in percent."""

    start: datetime
    end: datetime
    stretches: Sequence[Stretch]
    shares: Mapping[State, float]


def about(alarm: Alarm, caller: Caller, now: datetime) -> dict[str, Any]:
    """What it is and how it stands."""
    rule = rule_of(alarm.type, alarm.rule)
    return {
        "alarm": alarm,
        "sentence": in_words(rule, caller),
        "rule": json.dumps(rule.shown(), indent=2, ensure_ascii=False),
        "silence": silences.matching([alarm], now).get(alarm.alarm_id),
        "actions": [
            (state, [shown(one) for one in getattr(alarm, name) or ()])
            for state, name in ACTIONS.items()
        ],
        "combined": _combined(rule, caller),
    }


def in_words(rule: Rule, caller: Caller) -> str:
    """What the rule says, with the names of the alarms that it combines."""
    said = rule.sentence()
    for one in _combined(rule, caller):
        said = said.replace(one.alarm_id, f"“{one.name}”" if one.name else one.alarm_id)
    return said


def _combined(rule: Rule, caller: Caller) -> QuerySet[Alarm]:
    ids = rule.alarm_ids if isinstance(rule, CombinationRule) else ()
    return queries.alarms(caller).filter(alarm_id__in=ids).order_by("name")


def past_of(
    alarm: Alarm, caller: Caller, params: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    """Its states as a bar, the lines of its history, and the actions it has repeated."""
    days = params.get("days", "")
    _, span = SPANS.get(days, SPANS["1"])
    rows = queries.history(caller).filter(alarm_id=alarm.alarm_id)
    part = lists.part(rows, params, NEWEST, "event_id")
    repeated = queries.deliveries(caller).filter(alarm_id=alarm.alarm_id, change="")
    moves = past([alarm.alarm_id], now - span)[alarm.alarm_id]
    return {
        "bar": bar(moves or [(alarm.state_timestamp, cast(State, alarm.state))], now - span, now),
        "spans": [(key, title, length == span) for key, (title, length) in SPANS.items()],
        "part": part,
        "lines": history.lines(part.rows, caller),
        "repetitions": history.results(repeated.order_by("-pk")[:MOST_REPETITIONS]),
    }


def bar(moves: Sequence[tuple[datetime, State]], start: datetime, end: datetime) -> Bar:
    """The states that begin at these moments."""
    found = charts.stretches(moves, start, end)
    return Bar(start, end, found, charts.shares(found))


def foreseen(found: Preview) -> Bar:
    """The states of an alarm that is only thought of."""
    first: State = UNKNOWN
    moves = [(found.start, first), *((one.timestamp, one.current) for one in found.moves)]
    return bar(moves, found.start, found.end)


def defined(alarm: Alarm) -> Definition:
    """A stored alarm as somebody of its project would define it."""
    apart = ("rule", "owners")
    names = [name for name in Definition.__dataclass_fields__ if name not in apart]
    said = {name: getattr(alarm, name) for name in names}
    owners = Owners(None, alarm.project_id)
    return Definition(**said, rule=rule_of(alarm.type, alarm.rule), owners=owners)
