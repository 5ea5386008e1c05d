"""What questions cost, from the call to the rows, against SQL by hand over the samples."""

from django.db import connection

from meters.models import Series
from meters.storage.store import store
from tests.bench import agreement, dataset, goals, old_way, questions, turns
from tests.bench.agreement import Disagreement
from tests.bench.databases import rows, used
from tests.bench.questions import Question
from tests.bench.rows import Goal, Row
from tests.bench.run import Run
from tests.bench.turns import Rounds, timed

MOST = 61  # rounds
LATEST = """
SELECT DISTINCT ON (s.series_id) s.series_id, s.volume, s.timestamp FROM sample s
ORDER BY s.series_id, s.timestamp DESC, s.message_id DESC
"""


def measure(run: Run) -> list[Row]:
    """The rows about statistics and about the latest samples."""
    found = []
    with used(run.minutely):
        held = f"{dataset.count():,} samples in the store"
        found += [
            _one_series(run, held),
            _against_raw(run, goals.PROJECT, questions.one_project(run.week), held),
        ]
    with used(run.wide):
        held = f"{dataset.count():,} samples in the store"
        found += [
            _against_raw(run, goals.ALL_PROJECTS, questions.all_projects(run.week), held),
            _latest(run, held),
        ]
    return found


def check(question: Question, what: str) -> None:
    """Raises Disagreement unless the store says what the samples say."""
    agreement.check(what, question.ask(deviation=True), question.ask_raw(deviation=True))


def _against_raw(run: Run, goal: Goal, question: Question, held: str) -> Row:
    check(question, goal.name)
    ways = {
        "ours": lambda _: timed(question.ask),
        "raw": lambda _: timed(question.ask_raw),
    }
    return _row(goal, turns.take(ways, MOST, run.size.seconds), held)


def _row(goal: Goal, found: Rounds, held: str, more: str = "") -> Row:
    against = f"SQL by hand on the samples ({found.median('raw') * 1e3:,.1f} ms){more}; {held}"
    return Row(goal, found.median("ours") * 1e3, found.ratio("raw", to="ours"), against)


def _one_series(run: Run, held: str) -> Row:
    question = questions.one_series(run.week)
    check(question, goals.ONE_SERIES.name)
    asked = old_way.Asked(connection, question)
    agreement.check("the old way", question.ask(), asked.answer())
    ways = {
        "ours": lambda _: timed(question.ask),
        "raw": lambda _: timed(question.ask_raw),
        "old": lambda _: timed(asked.answer),
    }
    found = turns.take(ways, MOST, run.size.seconds)
    more = f", and {found.ratio('old', to='ours'):,.0f}x of the old way's 168 statements"
    return _row(goals.ONE_SERIES, found, held, more)


def _latest(run: Run, held: str) -> Row:
    def ask() -> list[tuple[object, ...]]:
        return [(series, *found) for series, found in store().latest(Series.objects.all()).items()]

    if sorted(ask()) != rows(LATEST):
        raise Disagreement(f"{goals.LATEST.name}: the answers differ")
    ways = {
        "ours": lambda _: timed(ask),
        "raw": lambda _: timed(lambda: rows(LATEST)),
    }
    return _row(goals.LATEST, turns.take(ways, MOST, run.size.seconds), held)
