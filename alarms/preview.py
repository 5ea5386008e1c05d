"""How an alarm would have behaved over the last day, had it been there."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.conf import settings

from alarms import constraints, ownership, services, states
from alarms.answers import Asked
from alarms.definition import Definition
from alarms.replay import Replay
from alarms.rules.beyond import BeyondRule
from alarms.rules.combination import CombinationRule
from alarms.rules.event import EventRule
from alarms.rules.occurrence import OWNERS, project_of, told
from alarms.rules.rule import Answer, Rule
from alarms.states import ALARM, STATES, UNKNOWN, Decision, Standing, State
from events import queries as events
from events.records import Event
from events.selection import AnyOf, EventQuery, TraitCondition
from telemetry_site.core.clock import EPOCH
from telemetry_site.core.identity.caller import Caller

DAY = timedelta(days=1)
MOST_MOMENTS = 1_440
MOST_EVENTS = 10_000
EVERYBODY = Caller(user="", project="", roles=frozenset({"admin"}))


class Move(msgspec.Struct, frozen=True):
    """A change of state."""

    timestamp: datetime
    previous: State
    current: State
    reason: str


class Preview(msgspec.Struct, frozen=True):
    """What would have happened from `start` to `end`, with a round every `interval` seconds.

    `seconds` says how long it would have been in each state, `actions` how often those of each
    would have been run. `line` is the value that each round would have found last, where the rule
    holds values beside a `threshold`.
    """

    start: datetime
    end: datetime
    interval: int
    moves: list[Move]
    seconds: dict[State, int]
    actions: dict[State, int]
    line: list[tuple[datetime, float]]
    threshold: float | None


class _Alarm:
    """An alarm that is only thought of, from moment to moment."""

    def __init__(self, definition: Definition) -> None:
        self._standing = Standing(
            UNKNOWN, definition.repeat_actions, definition.no_data, definition.hold_rounds
        )
        self.moves: list[Move] = []
        self.seconds: Counter[State] = Counter()
        self.actions: Counter[State] = Counter()

    def decide(self, rule: Rule, answers: Sequence[Answer], moment: datetime) -> None:
        """Go by what a round finds."""
        step = states.step(self._standing, rule.decide(answers, self._standing, moment))
        self._standing = self._standing._replace(coming_state=step.coming_state, coming=step.coming)
        if step.decision:
            self.act(step.decision, moment)

    def act(self, decision: Decision, moment: datetime) -> None:
        """Go into a state, or repeat that it is in it."""
        before = self._standing.state
        if decision.state != before:
            self.moves.append(Move(moment, before, decision.state, decision.reason))
        self.actions[decision.state] += 1
        self._standing = self._standing._replace(state=decision.state)

    @property
    def has_fired(self) -> bool:
        """Whether an event would do nothing more."""
        return self._standing.state == ALARM and not self._standing.repeats

    def pass_by(self, seconds: int) -> None:
        """Let time pass in the state that it is in."""
        self.seconds[self._standing.state] += seconds


def preview(definition: Definition, caller: Caller, now: datetime) -> Preview:
    """The last day of an alarm that the caller might make.

    Raises BadRequest where that is too much to look at, and what making it would raise for whose
    it is and what its rule names.
    """
    interval: int = settings.TELEMETRY["EVALUATION_INTERVAL"]
    project = ownership.of_new(definition.owners, caller).project
    confined_to = ownership.confined_to(project, caller)
    rule = definition.rule if confined_to is None else definition.rule.scoped(confined_to)
    if isinstance(rule, CombinationRule):
        services.check_combined(rule, "", confined_to)
    moments = list(_moments(now, interval))
    step = int((moments[1] - moments[0]).total_seconds())
    alarm, line = _Alarm(definition), list[tuple[datetime, float]]()
    if isinstance(rule, EventRule):
        _by_events(alarm, _events(rule, project, moments[0], moments[-1]), rule, moments, step)
    else:
        line = _by_rounds(alarm, rule, confined_to, definition.time_constraints, moments)
    return Preview(
        moments[0],
        moments[-1],
        step,
        alarm.moves,
        {state: alarm.seconds[state] for state in STATES},
        {state: alarm.actions[state] for state in STATES},
        line,
        rule.threshold if isinstance(rule, BeyondRule) else None,
    )


def _moments(now: datetime, interval: int) -> Iterator[datetime]:
    """Those of the rounds of the last day; not all of them where they are many."""
    step = timedelta(seconds=interval)
    while DAY / step > MOST_MOMENTS:
        step *= 2
    last = now - (now - EPOCH) % step
    for place in range(DAY // step, -1, -1):
        yield last - place * step


def _by_rounds(
    alarm: _Alarm,
    rule: Rule,
    confined_to: str | None,
    times: Sequence[Mapping[str, Any]],
    moments: Sequence[datetime],
) -> list[tuple[datetime, float]]:
    step = int((moments[1] - moments[0]).total_seconds())
    replay, line = Replay(moments[0], moments[-1], step), list[tuple[datetime, float]]()
    for moment in moments:
        if constraints.in_force(times, moment):
            asked = [Asked(one, confined_to) for one in rule.questions(moment)]
            answers = [replay.answer(one, moment) for one in asked]
            alarm.decide(rule, answers, moment)
            if isinstance(rule, BeyondRule) and (found := rule.newest(answers, moment)) is not None:
                line.append((moment, found))
        alarm.pass_by(step if moment < moments[-1] else 0)
    return line


def _by_events(
    alarm: _Alarm,
    found: Iterator[Event],
    rule: EventRule,
    moments: Sequence[datetime],
    step: int,
) -> None:
    event = next(found, None)
    for moment in moments:
        while event is not None and event.generated <= moment:
            if not alarm.has_fired:
                alarm.act(rule.decision(told(event)), event.generated)
            event = next(found, None)
        alarm.pass_by(step if moment < moments[-1] else 0)


def _events(
    rule: EventRule, project: str | None, start: datetime, end: datetime
) -> Iterator[Event]:
    """The events of the project that it waits for: all of them, as its alarms see them."""
    owner = AnyOf(tuple(TraitCondition(name, "string", "eq", project or "") for name in OWNERS))
    query = EventQuery(
        event_type=None if rule.patterned else rule.event_type,
        start=start,
        end=end,
        traits=(owner,) if project else (),
        limit=MOST_EVENTS,
    )
    for event in events.events(query, EVERYBODY, all_tenants=True):
        if project_of(event) == (project or "") and rule.matches(event):
            yield event
