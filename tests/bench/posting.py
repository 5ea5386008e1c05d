"""POSTs of 1,000-sample batches against the raw limit of each database, in turns."""

from collections.abc import Callable
from statistics import median

from tests.bench import http_load, raw, server, workload
from tests.bench.rows import Row


def _in_turns(
    port: int, raw_seconds: Callable[[int, int], float], rounds: int, batches: int
) -> tuple[float, float, float]:
    """Median samples a second over HTTP and raw, and the median of the rounds' ratios."""
    http_load.post(port, list(workload.bodies(0, 40)))  # caches, partitions, connections
    raw_seconds(0, 10)
    over_http, by_hand = [], []
    for turn in range(1, rounds + 1):
        first = turn * batches
        posts = list(workload.bodies(first, batches))
        load = http_load.post(port, posts)
        over_http.append(load.requests * workload.BATCH / load.seconds)
        by_hand.append(batches * workload.BATCH / raw_seconds(first, batches))
    ratios = [one / other for one, other in zip(over_http, by_hand, strict=True)]
    return median(over_http), median(by_hand), median(ratios)


def postgres(database_url: str, rounds: int, batches: int) -> list[Row]:
    """The row of PostgreSQL, and the raw figure it is a share of."""

    def copied(first: int, count: int) -> float:
        return raw.copy(database_url, raw.buffers(first, count))

    with server.running(database_url) as (port, _):
        over_http, by_hand, ratio = _in_turns(port, copied, rounds, batches)
    against = f"binary COPY of the same rows, one connection ({by_hand:,.0f}/s)"
    name = "POST of 1,000-sample batches, PostgreSQL"
    return [Row(name, over_http, "samples/s", ratio, against, aim=0.7, floor=0.5)]


def sqlite(rounds: int, batches: int) -> list[Row]:
    """The row of SQLite."""
    with server.running() as (port, folder):
        path = str(folder / "telemetry.sqlite3")
        over_http, by_hand, ratio = _in_turns(
            port, lambda first, count: raw.insert(path, first, count), rounds, batches
        )
    against = f"executemany of the same rows, one connection ({by_hand:,.0f}/s)"
    return [Row("POST of 1,000-sample batches, SQLite", over_http, "samples/s", ratio, against)]
