"""The shipped pipeline on the store: what is derived, corrected, and exact with several workers."""

import gc
import os
import random
from collections.abc import Sequence
from functools import partial
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connections

from meters import pipelines
from meters.models import RollupMark, StoredSample, TransformerHistory, TransformerMemory
from meters.pipelines import publish
from meters.rollups import roll_up
from meters.samples import Sample
from meters.selection import Selection
from meters.statistics import StatisticsQuery
from meters.storage import remembering
from meters.storage.store import store
from telemetry_site.core import clock
from telemetry_site.core.query.tree import Compare
from tests.factories import MOMENT
from tests.neighbours import Row, growth, one_pass, rate, rows
from tests.pipes import at
from tests.stopping import Stoppable

pytestmark = pytest.mark.django_db(transaction=True)


def cpu(moment: float, volume: float, **named: Any) -> Sample:
    """A sample of the counter."""
    given = {"meter": "cpu", "type": "cumulative", "unit": "ns", "metadata": {"cpu_number": 2}}
    return at(moment, volume, **{**given, **named})


def stored(meter: str) -> list[Row]:
    """What the store has of the meter."""
    found = StoredSample.objects.filter(series__meter=meter).select_related("series")
    return sorted(
        (one.series.resource, (one.timestamp - MOMENT).total_seconds(), one.volume or 0.0)
        for one in found
    )


def test_it_derives_what_the_original_derived() -> None:
    given = [
        ("cpu", "ns"), ("disk.read.bytes", "B"), ("disk.device.write.requests", "request"),
        ("network.incoming.packets", "packet"), ("network.outgoing.bytes", "B"), ("other", "B"),
    ]  # fmt: skip
    for moment, volume in ((0, 0), (60, 60e9)):
        publish([cpu(moment, volume, meter=meter, unit=unit) for meter, unit in given])
    found = StoredSample.objects.select_related("series").exclude(series__type="cumulative")
    assert {(o.series.meter, o.series.unit, o.series.type, o.volume) for o in found} == {
        ("cpu_util", "%", "gauge", 50.0),
        ("cpu.delta", "ns", "delta", 60e9),
        ("disk.read.bytes.rate", "B/s", "gauge", 1e9),
        ("disk.device.write.requests.rate", "request/s", "gauge", 1e9),
        ("network.incoming.packets.rate", "packet/s", "gauge", 1e9),
        ("network.outgoing.bytes.rate", "B/s", "gauge", 1e9),
    }


def test_it_counts_what_was_given() -> None:
    first, second = cpu(0, 0), cpu(60, 1)
    assert publish([first]) == 1
    assert publish([first, second]) == 1


def test_a_late_sample_puts_the_next_one_right() -> None:
    publish([cpu(0, 0)])
    publish([cpu(120, 60e9)])
    roll_up(clock.now())
    assert stored("cpu_util") == [("vm-1", 120, 25.0)]
    publish([cpu(60, 48e9)])
    assert stored("cpu_util") == [("vm-1", 60, 40.0), ("vm-1", 120, 10.0)]
    assert RollupMark.objects.count() > 0
    for _ in range(2):
        (found,) = store().statistics(StatisticsQuery(Selection(Compare("meter", "=", "cpu_util"))))
        assert (found.count, found.avg) == (2, 25.0)
        roll_up(clock.now())


def test_what_should_not_be_there_is_taken_away() -> None:
    publish([cpu(0, 5), cpu(20, 8)])
    publish([cpu(10, 9)])
    assert stored("cpu.delta") == [("vm-1", 10, 4)]


def test_nothing_is_left_for_the_collector() -> None:
    """It is rare in our processes: what holds itself would fill their memory."""
    given = [[cpu(n * 60, n, resource=f"vm-{vm}") for vm in range(50)] for n in (0, 1, 3, 2)]
    publish(given[0])
    gc.collect()
    gc.disable()
    try:
        for some in given[1:]:
            publish(some)
        assert gc.collect() < 50
    finally:
        gc.enable()


def test_another_tenant_does_not_disturb() -> None:
    publish([cpu(0, 0), cpu(30, 10**12, project="p2")])
    publish([cpu(60, 60e9)])
    assert stored("cpu_util") == [("vm-1", 60, 50.0)]


def test_what_nobody_touched_is_forgotten() -> None:
    publish([cpu(0, 0)])
    assert TransformerMemory.objects.count() == 1
    remembering.forget(clock.now())
    assert TransformerMemory.objects.count() == 1
    TransformerMemory.objects.update(touched="2026-01-01")
    remembering.forget(clock.now())
    assert TransformerMemory.objects.count() == 0


def test_an_old_window_is_let_go(settings: LazySettings) -> None:
    for minute in range(0, 600, 2):  # ten hours
        publish([cpu(minute * 60, minute)])
    history = sum(len(row.content) for row in TransformerHistory.objects.all())
    assert history < 48 * 2 * 600  # some hundred points, of 600 that there were
    publish([cpu(598 * 60 - 60, 597.0)])
    assert len(stored("cpu.delta")) == 300


AGGREGATE = """
sources: [{name: s, meters: ["*"], sinks: [k]}]
sinks:
  - name: k
    transformers:
      - {name: aggregator, parameters: {retention_time: 60, target: {name: mean}}}
      - {name: unit_conversion, parameters: {target: {scale: 10}}}
    publishers: [database://]
"""


def test_the_tick_lets_go_what_is_held(tmp_path: Path, settings: LazySettings) -> None:
    (tmp_path / "p.yaml").write_text(AGGREGATE)
    settings.TELEMETRY = {**settings.TELEMETRY, "PIPELINE_FILE": tmp_path / "p.yaml"}
    now = clock.now()
    moments = [(now - MOMENT).total_seconds() + n for n in range(3)]
    publish([at(moments[0], 1)])
    publish([at(moments[1], 2), at(moments[2], 6)])
    assert pipelines.flush(clock.now()) == StoredSample.objects.count() == 0
    later = now.replace(microsecond=0).timestamp() + 70
    assert pipelines.flush(clock.from_microseconds(int(later * 1_000_000))) == 1
    assert [volume for _, _, volume in stored("mean")] == [30.0]
    assert pipelines.flush(clock.from_microseconds(int(later * 1_000_000))) == 0


@pytest.mark.postgres
@pytest.mark.parametrize("swapped", [False, True])
def test_of_two_workers_either_may_commit_first(swapped: bool) -> None:
    """One stops before each of its statements in turn, and the other goes as far as it can."""
    for number in count():
        name = {"resource": f"vm-{number}-{swapped}"}
        first, last = [cpu(0, 0, **name)], [cpu(120, 60e9, **name)]
        middle, end = [cpu(60, 48e9, **name)], [cpu(180, 120e9, **name)]
        publish([*first, *last])
        one, other = (end, middle) if swapped else (middle, end)
        stopped = Stoppable(partial(publish, one), number)
        more = stopped.start()
        beside = Thread(target=_published, args=(other,))
        beside.start()
        beside.join(0.2)
        stopped.finish()
        beside.join(10)
        assert not beside.is_alive()
        found = [
            (at, util) for resource, at, util in stored("cpu_util") if resource in name.values()
        ]
        assert found == [(60, 40.0), (120, 10.0), (180, 50.0)]
        if not more:
            break


def _published(samples: Sequence[Sample]) -> None:
    try:
        publish(samples)
    finally:
        connections.close_all()


@pytest.mark.postgres
def test_two_processes_in_any_order_give_what_one_pass_gives() -> None:
    chance = random.Random(5)  # noqa: S311 - it is to be the same each time
    given = [
        cpu(n * 30.0, float(chance.randrange(50)), resource=f"vm-{vm}", metadata={})
        for vm in range(10)
        for n in range(40)  # all within the window
    ]
    connections.close_all()  # a process of its own shares no connection
    children = [_child(_shuffled(given, chance)) for _ in range(2)]
    for child in children:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert len(stored("cpu")) == len(given)
    assert stored("cpu.delta") == rows(one_pass(given, growth))
    found, expected = stored("cpu_util"), rows(one_pass(given, rate))
    assert [row[:2] for row in found] == [row[:2] for row in expected]
    volumes = [min(100.0, volume * 1e-7) for _, _, volume in expected]
    assert [row[2] for row in found] == pytest.approx(volumes, rel=1e-12)


def _shuffled(given: Sequence[Sample], chance: random.Random) -> list[list[Sample]]:
    """Most of them, some twice, in deliveries of any size; both workers together have all."""
    order = [*given, *chance.sample(given, 100)]
    chance.shuffle(order)
    deliveries = []
    while order:
        size = chance.randrange(1, 9)
        deliveries.append(order[:size])
        order = order[size:]
    return deliveries


def _child(deliveries: Sequence[Sequence[Sample]]) -> int:
    """A process that publishes them; its number."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        for delivery in deliveries:
            publish(delivery)
        code = 0
    finally:
        os._exit(code)


COLLECT = """
sources: [{{name: s, meters: ["*"], sinks: [k]}}]
sinks:
  - name: k
    transformers:
      - {{name: {name}, parameters: {{size: 4, target: {{name: total}}}}}}
    publishers: [database://]
"""


@pytest.mark.postgres
@pytest.mark.parametrize("name", ["accumulator", "aggregator"])
def test_two_processes_use_every_input_once(
    name: str, tmp_path: Path, settings: LazySettings
) -> None:
    (tmp_path / "p.yaml").write_text(COLLECT.format(name=name))
    settings.TELEMETRY = {**settings.TELEMETRY, "PIPELINE_FILE": tmp_path / "p.yaml"}
    given = [at(n, float(2**n), type="delta") for n in range(45)]  # a sum says which were added
    connections.close_all()
    children = [_child([[one] for one in some]) for some in (given[::2], given[1::2])]
    for child in children:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    publish([at(100 + n, 2.0**45 if n else 0.0, type="delta") for n in range(3)])  # the last goes
    total = sum(volume for meter in ("total", "cpu_util") for _, _, volume in stored(meter))
    assert total == 2.0**45 - 1 + 2 * 2.0**45
    assert StoredSample.objects.count() == (48 if name == "accumulator" else 12)
