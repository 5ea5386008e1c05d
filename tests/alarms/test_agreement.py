"""The evaluation beside values worked out by hand, and beside a slow judge of the contract."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import pytest
import time_machine
from hypothesis import HealthCheck, Phase, given, settings

from alarms import rounds, states
from alarms.models import Alarm, Delivery
from alarms.rules.registry import RULES
from alarms.rules.rule import Answer, Points, Question, States, Summaries
from alarms.states import Standing
from meters import pipelines
from meters.samples import Sample
from tests.alarms import reference
from tests.alarms.golden import Case, cases
from tests.alarms.made import make_alarm
from tests.alarms.stories import Story, stories
from tests.meters.storage import windowed

CASES = [case for case in cases() if case.alarm["enabled"] and not case.alarm["time_constraints"]]
ALL_CASES = list(cases())
FIELDS = ("enabled", "state", "repeat_actions", "no_data", "hold_rounds", "time_constraints")
MANY = int(os.environ.get("STORIES", "400"))  # 10,000 take two minutes

Seen = tuple[str, bool, str | None]


def produced(
    alarm: Mapping[str, Any],
    samples: Sequence[Sample],
    moments: Sequence[datetime],
    members: Sequence[Mapping[str, str]],
) -> Iterator[Seen]:
    """The state after each round, whether it acts, and why: by our rules, answered from a list."""
    rule = RULES.get(alarm["type"]).read(alarm[f"{alarm['type']}_rule"])
    standing = Standing(
        alarm["state"], alarm["repeat_actions"], alarm["no_data"], alarm["hold_rounds"]
    )
    for place, moment in enumerate(moments):
        known = [one for one in samples if one.recorded_at is None or one.recorded_at <= moment]
        others = members[place] if members else {}
        answers = [answer(one, known, others) for one in rule.questions(moment)]
        step = states.step(standing, rule.decide(answers, standing, moment))
        state = step.decision.state if step.decision else standing.state
        standing = standing._replace(
            state=state, coming_state=step.coming_state, coming=step.coming
        )
        yield state, step.decision is not None, step.decision and step.decision.reason


def answer(question: Question, samples: Sequence[Sample], others: Mapping[str, Any]) -> Answer:
    """What a store that is a list says."""
    match question:
        case Summaries(where, stretch, by_resource):
            return windowed.summaries(samples, where, stretch, by_resource=by_resource)
        case Points(where, start, end):
            return windowed.points(samples, where, start, end)
        case States(ids):
            return {one: others[one] for one in ids if one in others}
    raise AssertionError(question)


def judged(story: Story) -> list[Seen]:
    """The same by the judge."""
    found = reference.run(story.alarm, story.samples, story.moments, story.members)
    return [
        (one.state, one.acts is not None, one.acts.reason if one.acts else None) for one in found
    ]


def is_usual(alarm: Mapping[str, Any]) -> bool:
    """Whether its reasons are the contract's: what missing data counts as is our affair."""
    return bool(alarm["no_data"] == "insufficient data")


def rounded(reason: str | None) -> str | None:
    """With what it ends on, a mean of thirds perhaps, to nine places."""
    head, what, number = (reason or "").partition("most recent: ")
    return f"{head}{what}{float(number):.9f}" if what else reason


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_it_says_what_the_golden_files_say(case: Case) -> None:
    moments = [one.now for one in case.minutes]
    found = list(produced(case.alarm, case.samples, moments, [m.members for m in case.minutes]))
    assert [(state, acts) for state, acts, _ in found] == [
        (one.state, one.acts) for one in case.minutes
    ]
    for minute, (_, acts, reason) in zip(case.minutes, found, strict=True):
        if acts and minute.reason is not None and is_usual(case.alarm):
            assert reason == minute.reason


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("case", ALL_CASES, ids=[case.name for case in ALL_CASES])
def test_rounds_over_the_store_come_to_the_same(case: Case) -> None:
    kind, actions = case.alarm["type"], ["log://"]
    others = {name for minute in case.minutes for name in minute.members}
    alarm = make_alarm(
        RULES.get(kind).read(case.alarm[f"{kind}_rule"]).shown(), type=kind, confined_to=None,
        **{name: case.alarm[name] for name in FIELDS}, ok_actions=actions, alarm_actions=actions,
        insufficient_data_actions=actions,
    )  # fmt: skip
    waiting = sorted(case.samples, key=lambda one: one.recorded_at or one.timestamp)
    for minute in case.minutes:
        come = [one for one in waiting if (one.recorded_at or one.timestamp) <= minute.now]
        waiting = waiting[len(come) :]
        with time_machine.travel(minute.now, tick=False):
            pipelines.publish([msgspec.structs.replace(one, recorded_at=None) for one in come])
            _set_others(others, minute.members)
            rounds.run(minute.now, forced=True)
        alarm.refresh_from_db()
        assert (minute.now, alarm.state) == (minute.now, minute.state)
        acted, _ = Delivery.objects.filter(alarm_id=alarm.pk).delete()
        assert (minute.now, acted) == (minute.now, int(minute.acts))
        if minute.acts and minute.reason is not None and is_usual(case.alarm):
            assert alarm.state_reason == minute.reason


def _set_others(names: Iterable[str], members: Mapping[str, str]) -> None:
    """Other alarms as they stand in this minute; what is off is not evaluated."""
    Alarm.objects.filter(alarm_id__in=names).delete()
    for name, state in members.items():
        make_alarm(alarm_id=name, name=name, enabled=False, state=state)


@settings(
    max_examples=MANY,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
)
@given(stories())
def test_it_says_what_the_judge_says(story: Story) -> None:
    found = list(produced(story.alarm, story.samples, story.moments, story.members))
    for moment, ours, its in zip(story.moments, found, judged(story), strict=True):
        assert ours[:2] == its[:2], (moment, ours, its)
        if is_usual(story.alarm):
            assert rounded(ours[2]) == rounded(its[2]), moment
