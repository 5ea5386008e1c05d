"""Everything delivered a second time: what it costs, and that it changes nothing."""

from collections.abc import Sequence

from meters.pipelines import publish
from meters.samples import Sample
from tests.bench import dataset, goals, turns, workload
from tests.bench.dataset import MINUTE
from tests.bench.rows import Row
from tests.bench.run import Run
from tests.bench.turns import timed


class Delivered:
    """Batches of 1,000, each stored for the first time and then once more."""

    def __init__(self, run: Run) -> None:
        self._start = run.week.start
        self._count = run.size.batches
        self._sent: list[list[Sample]] = []
        self.stored = 0

    def first(self, turn: int) -> float:
        """Samples a second of batches that were never seen."""
        begin = turn * self._count
        self._sent = [self._batch(number) for number in range(begin, begin + self._count)]
        return self._rate(self._sent)

    def again(self, turn: int) -> float:
        """Samples a second of the batches delivered last, every one stored already."""
        return self._rate(self._sent)

    def _rate(self, batches: Sequence[Sequence[Sample]]) -> float:
        return len(batches) * workload.BATCH / timed(lambda: self._deliver(batches))

    def _deliver(self, batches: Sequence[Sequence[Sample]]) -> None:
        self.stored += sum(publish(batch) for batch in batches)

    def _batch(self, number: int) -> list[Sample]:
        meter, minute = number % len(workload.METERS), number // len(workload.METERS)
        at = self._start + minute * MINUTE
        resources = range(workload.RESOURCES)
        return [dataset.sample(meter, one, at, workload.PROJECTS, number) for one in resources]


def measure(run: Run) -> list[Row]:
    """The row of the second delivery. Raises RuntimeError when it stored or lost a sample."""
    run.databases.migrated("delivered")
    delivered = Delivered(run)
    found = turns.take(
        {"first": delivered.first, "again": delivered.again}, run.size.rounds, swap=False
    )
    wanted = run.size.rounds * run.size.batches * workload.BATCH
    if not wanted == delivered.stored == dataset.count():
        raise RuntimeError(
            f"{wanted} samples were delivered twice, {delivered.stored} were called new and "
            f"{dataset.count()} are there"
        )
    against = f"the first delivery ({found.median('first'):,.0f}/s); {wanted:,} samples counted"
    rate, ratio = found.median("again"), found.ratio("again", to="first")
    return [Row(goals.REDELIVERED, rate, ratio, against)]
