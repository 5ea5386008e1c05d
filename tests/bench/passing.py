"""Many samples pass through: what the web server holds meanwhile, and what is left on disk."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import psutil

from tests.bench import dataset, goals, http_load, server, workload
from tests.bench.databases import number, used
from tests.bench.rows import Row
from tests.bench.run import Run

AT_ONCE = 100  # batches made before they are sent
LOOK_EVERY = 0.2  # seconds

SIZE = """
SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree('sample') WHERE isleaf
"""


def measure(run: Run) -> list[Row]:
    """The rows of memory and of disk. Raises RuntimeError when a sample is lost."""
    name, batches = "passed", run.size.passing
    url = run.databases.empty(name)
    with server.running(url) as served, watched(served.pid) as largest:
        for first in range(0, batches, AT_ONCE):
            http_load.post(served.port, list(workload.bodies(first, min(AT_ONCE, batches - first))))
    with used(run.databases.connected(name)):
        count = dataset.count()
        size = number(SIZE)
    if count != batches * workload.BATCH:
        raise RuntimeError(f"{batches} batches were posted and {count:,} samples are there")
    passed = f"{count:,} samples posted in the order of their times"
    return [
        Row(goals.BYTES, size / count, against=passed),
        Row(goals.MEMORY, max(largest) / 1e6, against=f"resident set; {count:,} samples posted"),
    ]


@contextmanager
def watched(pid: int) -> Iterator[list[int]]:
    """The largest resident set of the process and its children, in bytes, at every look."""
    found: list[int] = []
    over = Event()

    def watch() -> None:
        while not over.wait(LOOK_EVERY):
            found.append(max(_resident(pid)))

    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(watch)
        try:
            yield found
        finally:
            over.set()
        watching.result()


def _resident(pid: int) -> list[int]:
    leader = psutil.Process(pid)
    return [one.memory_info().rss for one in (leader, *leader.children(recursive=True))]
