"""Polls of compute nodes through the shipped pipeline, against the same without transformers."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from meters import pipelines
from meters.ids import fresh_ids
from meters.samples import Sample, encode_metadata
from telemetry_site.memory import settle
from tests.bench import dataset, goals, turns, workload
from tests.bench.databases import use
from tests.bench.rows import Row
from tests.bench.run import Run
from tests.bench.server import PLAIN
from tests.bench.turns import timed

INSTANCES, BATCHES = 278, 4
STEP = timedelta(minutes=1)
# What the original's pollster of libvirt measures of an instance with one disk and one card, in the
# last release that had transformers: meter, whether it counts up, unit.
INSTANCE = (
    ("cpu", True, "ns"), ("cpu_l3_cache", False, "B"), ("memory.usage", False, "MB"),
    ("memory.resident", False, "MB"), ("memory.swap.in", True, "MB"),
    ("memory.swap.out", True, "MB"), ("memory.bandwidth.total", False, "B/s"),
    ("memory.bandwidth.local", False, "B/s"), ("perf.cpu.cycles", False, "cycle"),
    ("perf.instructions", False, "instruction"), ("perf.cache.references", False, "count"),
    ("perf.cache.misses", False, "count"), ("disk.read.bytes", True, "B"),
    ("disk.read.requests", True, "request"), ("disk.write.bytes", True, "B"),
    ("disk.write.requests", True, "request"), ("disk.capacity", False, "B"),
    ("disk.allocation", False, "B"), ("disk.usage", False, "B"),
)  # fmt: skip
DISK = (
    ("disk.device.read.bytes", True, "B"), ("disk.device.read.requests", True, "request"),
    ("disk.device.write.bytes", True, "B"), ("disk.device.write.requests", True, "request"),
    ("disk.device.read.latency", True, "ns"), ("disk.device.write.latency", True, "ns"),
    ("disk.device.capacity", False, "B"), ("disk.device.allocation", False, "B"),
    ("disk.device.usage", False, "B"),
)  # fmt: skip
CARD = (
    ("network.incoming.bytes", True, "B"), ("network.incoming.packets", True, "packet"),
    ("network.outgoing.bytes", True, "B"), ("network.outgoing.packets", True, "packet"),
    ("network.incoming.packets.drop", True, "packet"),
    ("network.incoming.packets.error", True, "packet"),
    ("network.outgoing.packets.drop", True, "packet"),
    ("network.outgoing.packets.error", True, "packet"),
)  # fmt: skip
PARTS = (("", INSTANCE), ("-vda", DISK), ("-tap0", CARD))
GIVEN = sum(len(meters) for _, meters in PARTS)
DERIVED = 14


def poll(at: datetime, minute: int) -> list[Sample]:
    """All meters of all instances at one time: 10,008 samples."""
    ids = iter(fresh_ids(INSTANCES * GIVEN, at))
    return [
        Sample(
            meter, "cumulative" if counter else "gauge", unit, float(minute * 1_000 + number),
            workload.resource(number) + part, workload.project(number), workload.user(number),
            "openstack", at, next(ids), METADATA[number],
        )
        for number in range(INSTANCES)
        for part, meters in PARTS
        for meter, counter, unit in meters
    ]  # fmt: skip


METADATA = [
    encode_metadata({**workload.metadata(number), "cpu_number": 2}) for number in range(INSTANCES)
]


class Transformed:
    """The same polls into two stores."""

    def __init__(self, run: Run) -> None:
        self._polled = 0
        self._start = run.week.start
        self._stores = {name: run.databases.migrated(name) for name in ("derived", "given")}

    def derived(self, turn: int) -> float:
        """Samples a second with the shipped pipeline."""
        return self._rate("derived", None, turn)

    def given(self, turn: int) -> float:
        """Samples a second with one that only stores."""
        return self._rate("given", PLAIN, turn)

    def _rate(self, name: str, file: Path | None, turn: int) -> float:
        use(self._stores[name])
        settings.TELEMETRY["PIPELINE_FILE"] = file
        first, *rest = self._polls(turn)
        pipelines.publish(first)
        return sum(map(len, rest)) / timed(lambda: [pipelines.publish(one) for one in rest])

    def _polls(self, turn: int) -> Iterator[list[Sample]]:
        self._polled = max(self._polled, (turn + 1) * (BATCHES + 1))
        for minute in range(turn * (BATCHES + 1), self._polled):
            yield poll(self._start + minute * STEP, minute)

    def check(self) -> None:
        """All that should be derived is there, once. Raises RuntimeError."""
        given = self._polled * INSTANCES * GIVEN
        made = (self._polled - 1) * INSTANCES * DERIVED
        for name, wanted in (("given", given), ("derived", given + made)):
            use(self._stores[name])
            if dataset.count() != wanted:
                raise RuntimeError(f"{wanted} samples should be {name}, and {dataset.count()} are")


def measure(run: Run) -> list[Row]:
    """The row. Raises RuntimeError when a derived sample is missing or too many."""
    work, before = Transformed(run), settings.TELEMETRY["PIPELINE_FILE"]
    settle()  # as the processes that take samples in
    try:
        found = turns.take({"given": work.given, "derived": work.derived}, run.size.rounds)
    finally:
        settings.TELEMETRY["PIPELINE_FILE"] = before
    work.check()
    against = (
        f"the same without transformers ({found.median('given'):,.0f}/s); "
        f"{DERIVED} samples derived from each {GIVEN}"
    )
    rate, ratio = found.median("derived"), found.ratio("derived", to="given")
    return [Row(goals.TRANSFORMED, rate, ratio, against)]
