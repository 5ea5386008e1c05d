"""Alarms as their evaluation reads them: few columns of many rows."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from django.db.models import Q

from alarms.models import Alarm
from alarms.rules.registry import RULES
from alarms.rules.rule import Rule
from alarms.states import Standing, State

MOST_RULES = 50_000  # that are remembered as they are read
EVENT, COMBINATION = "event", "combination"
# Those that wait for another service come later, and last what looks at the states of others.
LATER = ("composite", "prometheus")
PHASES = (
    ~Q(type__in=(EVENT, COMBINATION, *LATER)),
    Q(type__in=LATER),
    Q(type=COMBINATION),
)


class Watched(NamedTuple):
    """An alarm as it was read."""

    alarm_id: str
    name: str
    type: str
    severity: str
    rule_text: str
    project_id: str | None
    confined_to: str | None
    time_constraints: Sequence[dict[str, Any]]
    repeat_actions: bool
    no_data: str
    hold_rounds: int
    coming_state: str
    coming_rounds: int
    state: State
    state_reason: str
    state_timestamp: datetime
    generation: int

    @property
    def rule(self) -> Rule:
        """Its rule."""
        return rule_of(self.type, self.rule_text)

    @property
    def standing(self) -> Standing:
        """What a decision about it goes by."""
        return Standing(
            self.state, self.repeat_actions, self.no_data, self.hold_rounds, self.coming_state,
            self.coming_rounds,
        )  # fmt: skip


COLUMNS = tuple("rule" if name == "rule_text" else name for name in Watched._fields)


@lru_cache(MOST_RULES)
def rule_of(type_: str, text: str) -> Rule:
    """The rule that the table keeps as this text."""
    return RULES.get(type_).stored(msgspec.json.decode(text))


def some(phase: int, after: str, most: int) -> list[Watched]:
    """The next enabled alarms of a phase, in the order of their ids."""
    found = Alarm.objects.filter(PHASES[phase], enabled=True, alarm_id__gt=after)
    return [Watched(*row) for row in found.order_by("alarm_id").values_list(*COLUMNS)[:most]]


def locked(alarm_ids: Sequence[str]) -> dict[str, Watched]:
    """These alarms, as far as they are enabled, held until the end of the transaction."""
    found = Alarm.objects.filter(alarm_id__in=alarm_ids, enabled=True).select_for_update()
    rows = found.order_by("alarm_id").values_list(*COLUMNS)
    return {row[0]: Watched(*row) for row in rows}
