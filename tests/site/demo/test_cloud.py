"""The demo cloud."""

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest

from telemetry_site.demo.cloud import streams
from telemetry_site.demo.fleet import COUNTERS, GROUPS, THINGS
from telemetry_site.demo.stream import Plan, Stream

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = 3600


def plan(days: int = 30, now: datetime = NOON, seed: str = "1") -> Plan:
    return Plan.until(now, seed=seed, step=HOUR, days=days)


@cache
def month() -> list[Stream]:
    return list(streams(plan()))


def of(meter: str) -> list[Stream]:
    return [stream for stream in month() if stream.meter == meter]


def test_it_has_six_projects_and_forty_places_for_instances() -> None:
    assert len({group.project for group in GROUPS}) == 6
    assert sum(group.count for group in GROUPS) == 40
    assert {stream.of.project for stream in month()} == {group.project for group in GROUPS}


def test_it_measures_what_clouds_measure() -> None:
    found = {(stream.meter, stream.type, stream.unit) for stream in month()}
    assert found == {
        *((counter.name, "cumulative", counter.unit) for counter in COUNTERS),
        *((thing.meter, "gauge", thing.unit) for thing in THINGS),
        ("memory.usage", "gauge", "MB"),
        ("instance", "gauge", "instance"),
        ("vcpus", "gauge", "vcpu"),
        ("memory", "gauge", "MB"),
        ("disk.root.size", "gauge", "GB"),
    }


def test_no_meter_of_a_resource_is_measured_twice_at_a_time() -> None:
    counted = Counter(
        (stream.meter, stream.of.resource, at) for stream in month() for at in stream.steps
    )
    assert set(counted.values()) == {1}


@pytest.mark.parametrize("counter", [counter.name for counter in COUNTERS])
def test_counters_only_count_up(counter: str) -> None:
    for stream in of(counter):
        volumes = stream.volumes(stream.steps)
        assert volumes[0] >= 0
        assert all(now >= before for before, now in pairwise(volumes))


def test_shares_are_shares() -> None:
    for stream in of("memory.usage"):
        size = json.loads(stream.of.metadata)["memory_mb"]
        assert all(0 < volume < size for volume in stream.volumes(stream.steps))


def test_a_new_instance_begins_at_nothing() -> None:
    born = [stream for stream in of("cpu") if stream.steps.start > plan().steps.start]
    assert born
    assert max(stream.volumes(stream.steps)[0] for stream in born) < 8e9 * HOUR


def test_a_later_run_finds_the_same_cloud() -> None:
    later = {
        (stream.meter, stream.of): stream
        for stream in streams(plan(days=1, now=NOON + timedelta(hours=3)))
    }
    found = [(stream, later.pop((stream.meter, stream.of), None)) for stream in month()]
    for stream, other in found:
        if other:
            shared = [at for at in other.steps if at in stream.steps]
            assert at_steps(other, shared) == at_steps(stream, shared)
    # What is left has begun since.
    assert all(stream.steps.start >= plan().steps.stop for stream in later.values())


def at_steps(stream: Stream, steps: list[int]) -> list[float]:
    volumes = dict(zip(stream.steps, stream.volumes(stream.steps), strict=True))
    return [volumes[at] for at in steps]


def test_another_seed_makes_another_cloud() -> None:
    others = {stream.of.resource for stream in streams(plan(days=1, seed="2"))}
    assert others.isdisjoint({stream.of.resource for stream in month()})


def test_names_are_those_of_clouds() -> None:
    cards = {stream.of.resource for stream in of("network.incoming.bytes")}
    assert all(re.fullmatch(r"instance-\w{8}-[\w-]{36}-tap\w{11}", card) for card in cards)
    metadata = json.loads(of("instance")[0].of.metadata)
    assert metadata["display_name"] == "web-1"
    assert metadata["instance_type"] == "m1.medium"
    assert metadata["vcpus"] == 2
