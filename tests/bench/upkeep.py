"""What keeping the store costs: late samples rolled up again, days dropped."""

from datetime import timedelta
from itertools import product

from meters.pipelines import publish
from telemetry_site.core.clock import now
from tests.bench import dataset, goals, keeping, questions, reading, turns, workload
from tests.bench.databases import number, used
from tests.bench.dataset import DAY, HOUR, Span
from tests.bench.rows import Row
from tests.bench.run import WIDE_STEP, Run
from tests.bench.turns import timed

LATE_RESOURCES, LATE_HOURS = 20, 50  # 1,000 pairs
ROUNDS = 7
SMALLER = 10  # times fewer samples in the other day that is dropped


def measure(run: Run) -> list[Row]:
    """The two rows."""
    return [_late(run), _dropped(run)]


def _late(run: Run) -> Row:
    with used(run.wide):
        written: list[int] = []

        def rolled_up(turn: int) -> float:
            _deliver_late(run, turn)
            return timed(lambda: written.append(keeping.roll_up(now())))

        found = turns.take({"ours": rolled_up}, ROUNDS)
        reading.check(questions.all_projects(run.week), goals.LATE.name)
        held = f"{dataset.count():,} samples in the store"
    if min(written) < LATE_RESOURCES * LATE_HOURS:
        raise RuntimeError(f"only {min(written)} late pairs were rolled up")
    against = f"at least {min(written):,} rows written; {held}"
    return Row(goals.LATE, found.median("ours") * 1e3, against=against)


def _deliver_late(run: Run, turn: int) -> None:
    """A sample more in each of 50 hours of 20 resources, others in every turn."""
    first = run.week.start + timedelta(minutes=7)
    resources = range(turn * LATE_RESOURCES, (turn + 1) * LATE_RESOURCES)
    publish([
        dataset.sample(0, resource, first + hour * HOUR, workload.PROJECTS, volume=hour)
        for resource, hour in product(resources, range(LATE_HOURS))
    ])  # fmt: skip


def _dropped(run: Run) -> Row:
    """Large and small days are dropped in turns, each alone; what is behind them has to stay."""
    run.databases.migrated("days")
    days = [Span(day, day + DAY) for day in run.week.days()]
    pairs = list(zip(days[0:-1:2], days[1:-1:2], strict=True))
    _make_days(run, pairs, days[-1])
    samples = _samples_in(days[0])

    ways = {"large": lambda n: _drop(pairs[n][0]), "small": lambda n: _drop(pairs[n][1])}
    found = turns.take(ways, len(pairs), swap=False)
    against = (
        f"a day of {SMALLER} times fewer samples ({found.median('small'):.3g} s); "
        f"{samples:,} samples in the day"
    )
    return Row(goals.DAY_DROPPED, found.median("large"), found.ratio("large", to="small"), against)


def _make_days(run: Run, pairs: list[tuple[Span, Span]], kept: Span) -> None:
    first = run.week.start
    resources = range(run.size.day // len(workload.METERS))
    samples = dataset.first_samples(len(workload.METERS), resources, first, workload.PROJECTS)
    dataset.begin(samples, run.week)
    for large, small in pairs:
        dataset.fill(first, large, WIDE_STEP)
        dataset.fill(first, small, WIDE_STEP * SMALLER)
    dataset.fill(first, kept, WIDE_STEP * SMALLER)
    dataset.settle()


def _samples_in(day: Span) -> int:
    counted = "SELECT count(*) FROM sample WHERE timestamp >= %s AND timestamp < %s"
    return int(number(counted, day.start, day.end))


def _drop(day: Span) -> float:
    """Seconds until the day is gone. Raises RuntimeError unless it alone is."""
    left = dataset.count() - _samples_in(day)
    seconds = timed(lambda: keeping.expire_until(day.end))
    if _samples_in(day) or dataset.count() != left:
        raise RuntimeError(
            f"{day.start:%Y-%m-%d} had to go: {dataset.count():,} in place of {left:,}"
        )
    return seconds
