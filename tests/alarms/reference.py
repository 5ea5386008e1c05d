"""What an alarm says at a moment and over many, worked out slowly from the contract alone.

An alarm is a mapping as on the wire, with its type, its rule, and what else bears on evaluation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from meters.samples import Sample
from tests.alarms.slow import combination, composite, gnocchi, threshold
from tests.alarms.slow.findings import UNKNOWN, Finding, Rule, of_points
from tests.alarms.slow.waking import awake

Alarm: TypeAlias = Mapping[str, Any]

KEEP = "keep"
POINTS = {
    "threshold": threshold.points,
    "gnocchi_resources_threshold": gnocchi.resource,
    "gnocchi_aggregation_by_metrics_threshold": gnocchi.metrics,
    "gnocchi_aggregation_by_resources_threshold": gnocchi.resources,
}


@dataclass(frozen=True)
class Verdict:
    """That something is to be done: a state to go to or to tell of again, and why."""

    state: str
    reason: str
    reason_data: Mapping[str, Any]


@dataclass(frozen=True)
class Round:
    """The state after a round, and its verdict if the round acts: calls actions."""

    state: str
    acts: Verdict | None


def verdict(
    alarm: Alarm, samples: Sequence[Sample], states: Mapping[str, str], now: datetime
) -> Verdict | None:
    """What one round says of an alarm, whatever must hold for longer; None if nothing.

    A sample counts from its `recorded_at` on, where it has one; `states` are those of the alarms
    that a combination names.
    """
    if not awake(alarm, now):
        return None
    seen = [s for s in samples if s.recorded_at is None or s.recorded_at <= now]
    return settled(alarm, found(alarm, seen, states, now))


def found(
    alarm: Alarm, samples: Sequence[Sample], states: Mapping[str, str], now: datetime
) -> Finding:
    """What the data say."""
    kind, state = alarm["type"], alarm.get("state", UNKNOWN)
    rule = alarm[f"{kind}_rule"]
    if kind == "combination":
        return combination.finding(rule, states)
    if kind == "composite":
        return composite.finding(rule, lambda leaf: POINTS[leaf["type"]](leaf, samples, now), state)
    return of_points(rule, POINTS[kind](rule, samples, now), state, _nothing(rule))


def _nothing(rule: Rule) -> str:
    """What gnocchi rules say when there is no point at all."""
    return f"No datapoint for granularity {rule['granularity']}" if "granularity" in rule else ""


def settled(alarm: Alarm, finding: Finding) -> Verdict | None:
    """What follows from a finding for an alarm in its state."""
    state = alarm.get("state", UNKNOWN)
    new = alarm.get("no_data", UNKNOWN) if finding.state == UNKNOWN else finding.state
    if new == KEEP or (new == state == UNKNOWN):
        return None
    if new != state:
        return Verdict(new, finding.going, finding.data)
    return Verdict(new, finding.staying, finding.data) if alarm.get("repeat_actions") else None


@dataclass
class Held:
    """The state that rounds have found of late, and how many in a row."""

    coming: str = ""
    rounds: int = 0

    def passed(self, said: Verdict | None, state: str, wanted: int) -> Verdict | None:
        """What counts of what a round says, for an alarm in this state."""
        if said is None or said.state == state:
            self.coming, self.rounds = "", 0
            return said
        self.rounds = self.rounds + 1 if said.state == self.coming else 1
        self.coming = said.state
        return said if self.rounds >= wanted else None


def run(
    alarm: Alarm,
    samples: Sequence[Sample],
    moments: Sequence[datetime],
    members: Sequence[Mapping[str, str]] = (),
) -> list[Round]:
    """The rounds at these moments; `members` are the states of other alarms at each.

    A new state counts when as many rounds in a row as the alarm says have found it. Rounds that
    an alarm sleeps through are none.
    """
    state, held = alarm.get("state", UNKNOWN), Held()
    rounds: list[Round] = []
    for number, now in enumerate(moments):
        acts = None
        if awake(alarm, now):
            states = members[number] if members else {}
            said = verdict({**alarm, "state": state}, samples, states, now)
            acts = held.passed(said, state, alarm.get("hold_rounds", 1))
        state = acts.state if acts else state
        rounds.append(Round(state, acts))
    return rounds
