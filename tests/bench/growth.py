"""How the cost of a question grows with the store: three stores that differ in nothing but size.

All hold a sample every 20 minutes of a week; the larger ones have more series.
"""

from collections.abc import Callable

from django.db.backends.base.base import BaseDatabaseWrapper

from tests.bench import dataset, goals, questions, reading, turns, workload
from tests.bench.databases import used
from tests.bench.questions import Question
from tests.bench.rows import Row
from tests.bench.run import WIDE_STEP, Run
from tests.bench.turns import Way, timed

ROUNDS = 101


def measure(run: Run) -> list[Row]:
    """The row of the largest store against the smallest."""
    question = questions.one_series(run.week)
    stores = _grown(run)
    for size, store in stores.items():
        with used(store):
            reading.check(question, f"{goals.GROWTH.name} ({size:,} samples)")
    ways = {f"{size:,}": _asking(store, question) for size, store in stores.items()}
    found = turns.take(ways, ROUNDS)
    smallest, *_, largest = ways
    figures = [f"{found.median(way) * 1e3:.2g} ms in {way} samples" for way in ways]
    value, ratio = found.median(largest) * 1e3, found.ratio(largest, to=smallest)
    return [Row(goals.GROWTH, value, ratio, f"the smallest: {', '.join(figures)}")]


def _asking(store: BaseDatabaseWrapper, question: Question) -> Way:
    ask: Callable[[], object] = question.ask

    def asked(_: int) -> float:
        with used(store):
            return timed(ask)

    return asked


def _grown(run: Run) -> dict[int, BaseDatabaseWrapper]:
    """Each store begins as a copy of the one before it."""
    found: dict[int, BaseDatabaseWrapper] = {}
    before = 0
    for size in run.size.growth:
        name = f"grown_{size}"
        smaller = found.get(before)
        found[size] = (
            run.databases.copied(name, smaller) if smaller else run.databases.migrated(name)
        )
        _grow(run, before, size)
        before = size
    return found


def _grow(run: Run, before: int, size: int) -> None:
    """More resources of ten meters each, until there are `size` samples."""
    week, meters = run.week, len(workload.METERS)
    of_resource = meters * ((week.end - week.start) // WIDE_STEP)
    resources = range(before // of_resource, size // of_resource)
    beyond = dataset.newest_series()
    samples = dataset.first_samples(meters, resources, week.start, workload.PROJECTS)
    dataset.begin(samples, week)
    dataset.fill(week.start, week, WIDE_STEP, beyond=beyond)
    dataset.settle()
    if dataset.count() != size:
        raise RuntimeError(f"the store has {dataset.count():,} samples in place of {size:,}")
