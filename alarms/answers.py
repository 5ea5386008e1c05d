"""Answers what rules ask: equal questions once, those of a kind in one call."""

import logging
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple, cast

from django.db import InterfaceError, OperationalError

from alarms import prometheus
from alarms.models import Alarm
from alarms.rules.rule import Answer, Failure, Instant, Points, Question, States, Summaries
from alarms.states import State
from meters import queries
from telemetry_site.core.identity.caller import ADMIN, Caller
from telemetry_site.core.query.tree import Node

logger = logging.getLogger(__name__)

AWAY = (OperationalError, InterfaceError)  # the database: then no question is to blame


class Asked(NamedTuple):
    """A question on behalf of the one project whose samples it may see; None: of all."""

    question: Question
    confined_to: str | None


def answered(asked: Iterable[Asked]) -> Mapping[Asked, Answer]:
    """The answers. What cannot be answered is a Failure; raises only where the database is away."""
    kinds: defaultdict[Hashable, list[Asked]] = defaultdict(list)
    for one in dict.fromkeys(asked):
        kinds[_kind(one.question)].append(one)
    answers: dict[Asked, Answer] = {}
    for some in kinds.values():
        answers.update(_together(some))
    return answers


def _kind(question: Question) -> Hashable:
    """What questions have in common that are asked at once."""
    match question:
        case Summaries():
            return Summaries, question.stretch, question.by_resource
        case Points():
            return Points, question.start, question.end
    return type(question).__name__


def _together(some: Sequence[Asked]) -> Mapping[Asked, Answer]:
    """Where that fails the halves of them, until the culprit stands alone."""
    try:
        return dict(zip(some, _ask(some), strict=True))
    except AWAY:
        raise
    except Exception as error:
        if len(some) > 1:
            half = len(some) // 2
            return {**_together(some[:half]), **_together(some[half:])}
        logger.exception("A question of an alarm cannot be answered: %s", some[0])
        return {some[0]: Failure(str(error))}


def _ask(some: Sequence[Asked]) -> Sequence[Answer]:
    """The answers to questions of one kind."""
    match some[0].question:
        case Summaries(_, stretch, by_resource):
            selectors = _selectors(some)
            return queries.summaries(selectors, stretch, by_resource=by_resource)
        case Points(_, start, end):
            return queries.points(_selectors(some), start, end)
        case States():
            return _states([one.question for one in some if isinstance(one.question, States)])
        case Instant():
            return prometheus.answers(
                [one.question for one in some if isinstance(one.question, Instant)]
            )


def _selectors(some: Sequence[Asked]) -> list[tuple[Node, Caller]]:
    return [
        (one.question.where, caller_of(one.confined_to))
        for one in some
        if isinstance(one.question, Summaries | Points)
    ]


def caller_of(project: str | None) -> Caller:
    """Who may see just the samples of the project."""
    return ADMIN if project is None else Caller(user=None, project=project)


def _states(questions: Sequence[States]) -> list[Answer]:
    wanted = {alarm_id for question in questions for alarm_id in question.alarm_ids}
    rows = Alarm.objects.filter(alarm_id__in=wanted).values_list("alarm_id", "state")
    found = {alarm_id: cast(State, state) for alarm_id, state in rows}
    return [
        {one: found[one] for one in question.alarm_ids if one in found} for question in questions
    ]


Ask = Callable[[Iterable[Asked]], Mapping[Asked, Answer]]
