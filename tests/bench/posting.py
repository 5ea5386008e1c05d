"""POSTs of 1,000-sample batches against the raw limit of each database and the old way."""

from collections.abc import Callable
from contextlib import closing

from tests.bench import goals, http_load, raw, server, turns, workload
from tests.bench.old_writing import Writer
from tests.bench.rows import Row
from tests.bench.run import Run
from tests.bench.turns import Rounds, Way

WARM = 40  # batches: caches, partitions, connections
OLD_SAMPLES = 100  # in each round


def measure(run: Run) -> list[Row]:
    """The rows of both databases."""
    return [*_postgres(run), _sqlite(run)]


def _postgres(run: Run) -> list[Row]:
    url = run.databases.empty("posted")

    def copied(first: int, count: int) -> float:
        return raw.copy(url, raw.buffers(first, count))

    with (
        closing(Writer(run.databases.empty("old"))) as old,
        server.running(url) as served,
    ):
        ways = _ways(run, served.port, copied)
        old.rate(workload.batch(0)[:OLD_SAMPLES])
        ways["old"] = lambda turn: old.rate(workload.batch(turn + 1)[:OLD_SAMPLES])
        found = turns.take(ways, run.size.rounds)
    rate = found.median("ours")
    against = f"one by one, a durable commit for each sample ({found.median('old'):,.0f}/s)"
    return [
        Row(goals.POSTED, rate, found.ratio("ours", to="raw"), _copied(found)),
        Row(goals.POSTED_OLD, rate, found.ratio("ours", to="old"), against),
    ]


def _copied(found: Rounds) -> str:
    return f"binary COPY of the same rows, one connection ({found.median('raw'):,.0f}/s)"


def _sqlite(run: Run) -> Row:
    with server.running() as served:
        path = str(served.folder / "telemetry.sqlite3")
        ways = _ways(run, served.port, lambda first, count: raw.insert(path, first, count))
        found = turns.take(ways, run.size.rounds)
    against = f"executemany of the same rows, one connection ({found.median('raw'):,.0f}/s)"
    return Row(goals.POSTED_SQLITE, found.median("ours"), found.ratio("ours", to="raw"), against)


def _ways(run: Run, port: int, raw_seconds: Callable[[int, int], float]) -> dict[str, Way]:
    """Samples a second over HTTP and raw, both warm."""
    batches = run.size.batches
    http_load.post(port, list(workload.bodies(0, WARM)))
    raw_seconds(0, 10)

    def posted(turn: int) -> float:
        posts = list(workload.bodies(WARM + turn * batches, batches))
        return batches * workload.BATCH / http_load.post(port, posts)

    def by_hand(turn: int) -> float:
        return batches * workload.BATCH / raw_seconds(WARM + turn * batches, batches)

    return {"ours": posted, "raw": by_hand}
