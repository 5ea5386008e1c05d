"""Rounds of thousands of alarms, against evaluating them one at a time on the same store."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from alarms import rounds, transitions, watched
from alarms.answers import Asked
from alarms.evaluation import evaluate
from alarms.models import Alarm, AlarmChange, Delivery, EvaluationRound
from alarms.rules.rule import Answer, Question, Summaries
from meters import queries
from meters.selection import Bound, Selection
from meters.statistics import Statistics, StatisticsQuery
from meters.windows import Summary
from telemetry_site.core import clock
from telemetry_site.core.identity.caller import ADMIN
from telemetry_site.core.transactions import in_transaction
from telemetry_site.memory import settle
from tests.bench import alarms, goals, turns, workload
from tests.bench.databases import execute, use
from tests.bench.rows import Goal, Row
from tests.bench.run import Run
from tests.bench.turns import timed

SINGLE, WATCHED = 500, 10_000
MINUTE = timedelta(minutes=1)


class _Rounds:
    """Rounds over one kind of alarms, each a minute later than the one before."""

    def __init__(self, end: datetime, made: int) -> None:
        self._end = end
        self.made = made
        self.changed = 0

    def together(self, turn: int) -> float:
        """Seconds of a round."""
        moment = self._end - (turn + 1) * MINUTE
        EvaluationRound.objects.all().delete()
        seconds = timed(lambda: self._run(moment))
        Delivery.objects.all().delete()
        return seconds

    def one_by_one(self, turn: int) -> float:
        """Seconds that all of them would take, from those of some."""
        moment = self._end - (turn + 1) * MINUTE
        asked = min(SINGLE, self.made)
        some = watched.some(0, "", asked)
        seconds = timed(lambda: [_evaluate(one, moment) for one in some]) * self.made / asked
        Delivery.objects.all().delete()
        return seconds

    def _run(self, moment: datetime) -> None:
        ended = rounds.run(moment, forced=True)
        if ended is None or ended.evaluated != self.made:
            raise RuntimeError(f"of {self.made} alarms not all were evaluated: {ended}")
        self.changed += ended.changed


def _evaluate(alarm: watched.Watched, moment: datetime) -> object:
    """What the original's evaluator does: an alarm's statistics, its decision, its transaction."""
    outcome = evaluate([alarm], moment, _statistics)
    return in_transaction(
        lambda: transitions.write(outcome.transitions, outcome.comings, clock.now())
    )


def _statistics(asked: Iterable[Asked]) -> Mapping[Asked, Answer]:
    return {one: [_summary(row) for row in _rows(one.question)] for one in asked}


def _rows(question: Question) -> Sequence[Statistics]:
    assert isinstance(question, Summaries)
    start, end, period, origin = question.stretch
    selection = Selection(question.where, Bound(start, True), Bound(end, False))
    return queries.statistics(StatisticsQuery(selection, period, origin), ADMIN)


def _summary(row: Statistics) -> Summary:
    total, low, high = row.sum or 0.0, row.min or 0.0, row.max or 0.0
    return Summary(None, row.period_start, row.count, total, low, high, 0.0)


def measure(run: Run) -> list[Row]:
    """A row for each kind of alarms. Raises RuntimeError where a round leaves alarms out."""
    made, span = alarms.store(run)
    use(made)
    settle()  # as the worker
    kinds = {
        goals.EVALUATED: _of_resources,
        goals.EVALUATED_PROJECTS: _of_projects,
        goals.EVALUATED_STACKS: _of_stacks,
    }
    first, *rest = (_row(goal, watch, run, span.end) for goal, watch in kinds.items())
    return [first, replace(first, goal=goals.EVALUATED_TOGETHER), *rest]


def _row(goal: Goal, watch: Callable[[], int], run: Run, end: datetime) -> Row:
    for table in (Alarm, AlarmChange, Delivery):
        table.objects.all().delete()
    work = _Rounds(end, watch())
    execute("VACUUM ANALYZE alarm")
    work.together(0)  # all of them leave their first state
    found = turns.take(
        {"together": work.together, "one by one": work.one_by_one}, run.size.rounds, 60
    )
    ratio = found.ratio("one by one", to="together")
    singly = found.median("one by one")
    against = (
        f"statistics, decision and transaction of one alarm at a time ({singly:,.1f} s); "
        f"{work.changed:,} changes of state and as many actions written"
    )
    return Row(goal, found.median("together"), ratio, against)


def _of_resources() -> int:
    some = (workload.resource(number) for number in range(WATCHED))
    return alarms.watch(([alarms.item("resource_id", one)] for one in some), "resource")


def _of_projects() -> int:
    some = map(alarms.project, range(alarms.GROUPS))
    return alarms.watch(([alarms.item("project_id", one)] for one in some), "project")


def _of_stacks() -> int:
    some = map(alarms.stack, range(alarms.GROUPS))
    name = "metadata.user_metadata.stack"
    return alarms.watch(([alarms.item(name, one)] for one in some), "stack")
