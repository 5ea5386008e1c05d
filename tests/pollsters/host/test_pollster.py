"""The pollster of the machine we run on."""

from collections.abc import Iterator

import pytest

from pollsters.host.meters import METERS
from pollsters.host.pollster import HostPollster
from pollsters.host.readings import Part
from pollsters.pollster import Target

NODE = Target("this machine", "node-1")
EVERYTHING = frozenset(row.name for row in METERS)


def load() -> Iterator[Part]:
    yield Part({"1": 0.5, "5": 0.25})


def interfaces() -> Iterator[Part]:
    yield Part({"bytes_recv": 7}, "eth0", {"name": "eth0"})
    raise PermissionError(13, "Permission denied", "/secret/path")


def disks() -> Iterator[Part]:
    yield Part({})
    raise FileNotFoundError(2, "No such file or directory", "/proc/diskstats")


def test_it_makes_a_reading_of_each_wanted_meter_that_is_there() -> None:
    answer = HostPollster({"load": load}).read(NODE, EVERYTHING)
    assert [(r.meter.name, r.volume, r.part, r.metadata) for r in answer.readings] == [
        ("hardware.cpu.load.1min", 0.5, "", {"host": "node-1"}),
        ("hardware.cpu.load.5min", 0.25, "", {"host": "node-1"}),
    ]


def test_it_reads_no_group_that_nobody_wants() -> None:
    answer = HostPollster({"load": load, "disks": disks}).read(NODE, {"hardware.cpu.load.5min"})
    assert [r.meter.name for r in answer.readings] == ["hardware.cpu.load.5min"]
    assert answer.problems == []


def test_it_keeps_all_other_readings_when_one_fails() -> None:
    pollster = HostPollster({"disks": disks, "interfaces": interfaces, "load": load})
    answer = pollster.read(NODE, EVERYTHING)
    assert [(r.meter.name, r.part) for r in answer.readings] == [
        ("hardware.network.incoming.bytes", "eth0"),
        ("hardware.cpu.load.1min", ""),
        ("hardware.cpu.load.5min", ""),
    ]


@pytest.mark.parametrize(
    ("name", "take", "why", "permanent"),
    [
        ("disks", disks, "This machine has no reading of disks.", True),
        ("interfaces", interfaces, "Reading interfaces failed: Permission denied.", False),
    ],
)
def test_it_says_what_failed_and_whether_for_good(
    name: str, take: object, why: str, permanent: bool
) -> None:
    (problem,) = HostPollster({name: take}).read(NODE, EVERYTHING).problems  # type: ignore[dict-item]  # parametrize loses the type
    assert (str(problem), problem.permanent) == (why, permanent)


def test_it_reads_every_group_of_the_table_on_a_real_machine() -> None:
    answer = HostPollster().read(NODE, EVERYTHING)
    read = {reading.meter.name for reading in answer.readings}
    assert [str(p) for p in answer.problems if not p.permanent] == []
    assert {"hardware.cpu.util", "hardware.memory.used", "host.uptime"} <= read
    assert {row.group for row in METERS} == set(HostPollster()._readings)
