"""Readings of the real machine, against what its kernel says elsewhere."""

import os
import shutil
from pathlib import Path

import pytest

from pollsters.host import readings
from pollsters.host.readings import Part, ProcessorWatch


def only(group: str) -> Part:
    (part,) = readings.READINGS[group]()
    return part


def meminfo() -> dict[str, int]:
    lines = Path("/proc/meminfo").read_text().splitlines()
    return {line.split(":")[0]: int(line.split()[1]) for line in lines}


def test_it_reads_memory_as_the_kernel_gives_it() -> None:
    values, kernel = only("memory").values, meminfo()
    near = pytest.approx
    assert values["total"] == kernel["MemTotal"]
    assert values["used"] == near(kernel["MemTotal"] - kernel["MemFree"], abs=200_000)
    assert values["available"] == near(kernel["MemAvailable"], abs=200_000)
    assert values["buffers"] == near(kernel["Buffers"], abs=20_000)


def test_it_reads_swap_as_the_kernel_gives_it() -> None:
    values, kernel = only("swap").values, meminfo()
    assert values["total"] == kernel["SwapTotal"]
    assert values["free"] == pytest.approx(kernel["SwapFree"], abs=20_000)


def test_it_reads_the_load() -> None:
    values = only("load").values
    assert [values["1"], values["5"], values["15"]] == pytest.approx(os.getloadavg(), abs=0.2)


def kernel_interfaces() -> dict[str, list[int]]:
    lines = Path("/proc/net/dev").read_text().splitlines()[2:]
    rows = (line.replace(":", " ").split() for line in lines)
    return {name: [int(number) for number in numbers] for name, *numbers in rows}


def test_it_reads_every_interface_between_two_looks_at_the_kernel() -> None:
    before = kernel_interfaces()
    parts = {part.name: part for part in readings.interfaces()}
    after = kernel_interfaces()
    assert set(parts) == set(before)
    for name, part in parts.items():
        for key, column in (("bytes_recv", 0), ("packets_recv", 1), ("bytes_sent", 8)):
            assert before[name][column] <= part.values[key] <= after[name][column]


def test_it_describes_the_loopback() -> None:
    (loopback,) = (part for part in readings.interfaces() if part.name == "lo")
    assert loopback.metadata["ip"] == "127.0.0.1"
    assert loopback.metadata["mac"] == "00:00:00:00:00:00"


def test_it_reads_the_root_file_system_once() -> None:
    parts = [p for p in readings.file_systems() if p.metadata["path"] == "/"]
    assert len(parts) == 1
    usage = shutil.disk_usage("/")
    assert parts[0].values["total"] == usage.total // 1024
    assert parts[0].values["used"] == pytest.approx(usage.used // 1024, rel=0.02)
    assert "/" not in parts[0].name


def kernel_disk(name: str) -> list[int]:
    return [int(word) for word in Path(f"/sys/class/block/{name}/stat").read_text().split()]


def test_it_reads_every_disk_between_two_looks_at_the_kernel() -> None:
    names = {path.name for path in Path("/sys/class/block").iterdir()}
    before = {name: kernel_disk(name) for name in names}
    parts = {part.name: part.values for part in readings.disks()}
    assert set(parts) <= names
    assert not [name for name in parts if name.startswith(("loop", "ram", "zram"))]
    for name, values in parts.items():
        after = kernel_disk(name)
        assert before[name][2] * 512 <= values["read_bytes"] <= after[2] * 512
        assert before[name][4] <= values["write_count"] <= after[4]


def test_it_leaves_out_pseudo_file_systems() -> None:
    paths = {part.metadata["path"] for part in readings.file_systems()}
    assert not paths & {"/proc", "/sys", "/dev", "/dev/shm"}  # noqa: S108 - a mount point


def test_it_counts_datagrams_by_the_kernels_names() -> None:
    before, after = only("datagrams").values, only("datagrams").values
    assert 0 < before["InReceives"] <= after["InReceives"]


def test_it_counts_uptime_as_the_kernel_does() -> None:
    kernel = float(Path("/proc/uptime").read_text().split()[0])
    assert only("uptime").values["seconds"] == pytest.approx(kernel, abs=5)


def test_it_counts_processes() -> None:
    listed = [entry for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    assert only("processes").values["count"] == pytest.approx(len(listed), abs=25)


def test_it_gives_a_true_share_of_processor_time_at_the_very_first_reading() -> None:
    before, after = ProcessorWatch().stretch()
    cores = len(after)
    spent = sum(sum(b.values()) for b in after) - sum(sum(b.values()) for b in before)
    assert cores == os.cpu_count()
    assert spent / cores == pytest.approx(1.0, abs=0.5)


def test_it_reads_all_cores_and_each_of_them() -> None:
    host, *cores = readings.cpu()
    assert host.values["count"] == len(cores) == os.cpu_count()
    shares = [core.values["core"] for core in cores]
    assert host.values["busy"] == pytest.approx(sum(shares) / len(shares), abs=2)
    assert 0 <= host.values["busy"] <= 100
    assert 0 <= host.values["idle"] <= 100


def test_it_measures_from_the_reading_before(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = [{"user": 10.0, "idle": 90.0}, {"user": 11.0, "idle": 90.5}, {"user": 71.0,
             "idle": 120.5}]  # fmt: skip
    given = iter(steps)
    monkeypatch.setattr(readings, "_core_times", lambda: [next(given)])
    monkeypatch.setattr(readings, "sleep", lambda seconds: None)
    watch = ProcessorWatch()
    assert watch.stretch() == ([steps[0]], [steps[1]])
    assert watch.stretch() == ([steps[1]], [steps[2]])
