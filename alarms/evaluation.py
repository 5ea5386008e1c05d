"""What becomes of alarms at a moment, decided for many of them at once; nothing is written."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from alarms import constraints, states
from alarms.answers import Ask, Asked, answered
from alarms.rules.rule import Answer
from alarms.states import Decision, State
from alarms.transitions import Coming, Transition
from alarms.watched import Watched

logger = logging.getLogger(__name__)


class Outcome(NamedTuple):
    """What is to be written, and the state that was found of each alarm that was evaluated."""

    transitions: Sequence[Transition]
    comings: Sequence[Coming]
    found: Mapping[str, State]


def evaluate(alarms: Sequence[Watched], now: datetime, ask: Ask = answered) -> Outcome:
    """Evaluate them; what is outside of its time constraints is left alone."""
    awake = [alarm for alarm in alarms if constraints.in_force(alarm.time_constraints, now)]
    questions = {alarm.alarm_id: _questions(alarm, now) for alarm in awake}
    answers = ask([one for some in questions.values() for one in some])
    transitions: list[Transition] = []
    comings: list[Coming] = []
    found: dict[str, State] = {}
    for alarm in awake:
        step = _step(alarm, [answers[one] for one in questions[alarm.alarm_id]], now)
        if step.decision:
            transitions.append(_transition(alarm, step.decision))
        elif (step.coming_state, step.coming) != (alarm.coming_state, alarm.coming_rounds):
            comings.append(Coming(alarm, step.coming_state, step.coming))
        found[alarm.alarm_id] = step.decision.state if step.decision else alarm.state
    return Outcome(transitions, comings, found)


def _questions(alarm: Watched, now: datetime) -> list[Asked]:
    try:
        return [Asked(one, alarm.confined_to) for one in alarm.rule.questions(now)]
    except Exception:
        logger.exception("The rule of alarm %s asks nothing that makes sense.", alarm.alarm_id)
        return []


def _step(alarm: Watched, answers: Sequence[Answer], now: datetime) -> states.Step:
    """A rule that fails leaves its alarm as it is, and the others alone."""
    try:
        decision = alarm.rule.decide(answers, alarm.standing, now)
    except Exception:
        logger.exception("Alarm %s cannot be evaluated.", alarm.alarm_id)
        return states.Step(None, alarm.coming_state, alarm.coming_rounds)
    return states.step(alarm.standing, decision)


def _transition(alarm: Watched, decision: Decision) -> Transition:
    return Transition(alarm, alarm.state, decision, recorded=decision.state != alarm.state)
