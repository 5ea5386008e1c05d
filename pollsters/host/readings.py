"""What this machine says of itself; the only file that talks to psutil."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from socket import AF_INET
from threading import Lock
from time import sleep
from typing import Any

import psutil

from pollsters.host.shares import Times, added, elapsed, share
from telemetry_site.core import clock

KB = 1024
BLOCK = 512
MEGABIT = 1_000_000 // 8
SHORTEST_STRETCH = 1.0  # seconds of processor counters that make a share worth something
LONGEST_STRETCH = 3600.0

CPU_MODES = ("user", "system", "iowait", "steal")
MEMORY_KINDS = ("total", "available", "buffers", "cached")
IP_COUNTERS = Path("/proc/net/snmp")
NO_DISKS = ("loop", "ram", "zram")
ALWAYS_FULL = ("squashfs", "iso9660", "udf")


@dataclass(frozen=True, slots=True)
class Part:
    """Numbers by their key, of the host itself or of one part of it."""

    values: Mapping[str, float]
    name: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)


class ProcessorWatch:
    """Remembers the last reading of the processors, since a share needs two."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last: list[Times] = []

    def stretch(self) -> tuple[list[Times], list[Times]]:
        """The counters of each core then and now, at least a second apart.

        Without a reading that is neither too young nor too old it takes one and waits.
        """
        with self._lock:
            before, after = self._last, _core_times()
            if not SHORTEST_STRETCH <= elapsed(before, after) <= LONGEST_STRETCH:
                before = after
                sleep(SHORTEST_STRETCH)
                after = _core_times()
            self._last = after
        return before, after


def _core_times() -> list[Times]:
    return [core._asdict() for core in psutil.cpu_times(percpu=True)]


_processors = ProcessorWatch()


def cpu() -> Iterator[Part]:
    """All processors together: shares in percent, times in seconds; then each core's share."""
    before, after = _processors.stretch()
    now = added(after)
    shares = share(added(before), now)
    times = {mode: seconds for mode, seconds in now.items() if mode in CPU_MODES}
    derived = {"busy": shares.busy, "idle": shares.idle, "count": len(after)}
    yield Part({**times, **derived, "idle_time": now["idle"]})
    for number, core in enumerate(after):
        yield Part({"core": share(before[number], core).busy}, f"cpu{number}")


def load() -> Iterator[Part]:
    """The load averages."""
    yield Part(dict(zip(("1", "5", "15"), psutil.getloadavg(), strict=True)))


def memory() -> Iterator[Part]:
    """Memory in KB; used is what is not free, as SNMP agents count it."""
    found: dict[str, int] = psutil.virtual_memory()._asdict()
    kept = {key: size // KB for key, size in found.items() if key in MEMORY_KINDS}
    yield Part({**kept, "used": (found["total"] - found["free"]) // KB})


def swap() -> Iterator[Part]:
    """Swap in KB, and what went in and out since the start in bytes."""
    found = psutil.swap_memory()
    yield Part(
        {
            "total": found.total // KB,
            "free": found.free // KB,
            "in": found.sin,
            "out": found.sout,
        }
    )


def file_systems() -> Iterator[Part]:
    """Each file system on a device once: sizes in KB. OSError at the end names the unreadable."""
    unreadable = []
    for device, path in _mounted().items():
        metadata = {"device": device, "path": path}
        try:
            yield Part(_sizes(path), _part_name(device), metadata)
        except OSError as error:
            unreadable.append(f"{path} ({error.strerror})")
    if unreadable:
        raise OSError(None, f"cannot read {', '.join(unreadable)}")


def _mounted() -> dict[str, str]:
    """The shortest path of each device; the root also where it is an overlay, as in containers."""
    found: dict[str, str] = {}
    real = [mount for mount in psutil.disk_partitions() if mount.fstype not in ALWAYS_FULL]
    root = [mount for mount in psutil.disk_partitions(all=True) if mount.mountpoint == "/"]
    paths = {mount.mountpoint: mount.device for mount in [*root, *real]}
    for path in sorted(paths, key=len):
        found.setdefault(paths[path], path)
    return found


def _sizes(path: str) -> dict[str, float]:
    usage, inodes = psutil.disk_usage(path), os.statvfs(path)
    return {
        "total": usage.total // KB,
        "used": usage.used // KB,
        "inodes": inodes.f_files,
        "inodes_used": inodes.f_files - inodes.f_ffree,
    }


def _part_name(device: str) -> str:
    return device.removeprefix("/dev/").replace("/", "-")


def disks() -> Iterator[Part]:
    """Each disk and partition: bytes and requests since the start."""
    for name, counters in (psutil.disk_io_counters(perdisk=True) or {}).items():
        if not name.startswith(NO_DISKS):
            yield Part(counters._asdict(), name, {"device": name})


def blocks() -> Iterator[Part]:
    """All disks together, in blocks of 512 bytes since the start."""
    counters = psutil.disk_io_counters()
    if counters is not None:
        yield Part({"in": counters.read_bytes // BLOCK, "out": counters.write_bytes // BLOCK})


def interfaces() -> Iterator[Part]:
    """Each network interface, loopback too: bytes and packets since the start."""
    addresses, states = psutil.net_if_addrs(), psutil.net_if_stats()
    for name, counters in psutil.net_io_counters(pernic=True).items():
        metadata = _described(name, addresses.get(name, []), states.get(name))
        yield Part(counters._asdict(), name, metadata)


def _described(name: str, addresses: list[Any], state: Any) -> dict[str, str]:
    """Name, first IPv4 address, hardware address, and speed in bytes a second where it is known."""
    ip = [a.address for a in addresses if a.family == AF_INET]
    mac = [a.address for a in addresses if a.family == psutil.AF_LINK]
    found = {"name": name, "ip": ip[0] if ip else "", "mac": mac[0] if mac else ""}
    if state is not None and state.speed > 0:
        found["speed"] = str(state.speed * MEGABIT)
    return found


def datagrams() -> Iterator[Part]:
    """IP datagrams since the start, by the names the kernel gives them."""
    names, numbers = (
        line.split()[1:] for line in IP_COUNTERS.read_text().splitlines() if line.startswith("Ip:")
    )
    yield Part(dict(zip(names, map(int, numbers), strict=True)))


def processes() -> Iterator[Part]:
    """How many processes there are."""
    yield Part({"count": len(psutil.pids())})


def uptime() -> Iterator[Part]:
    """Whole seconds since the machine started."""
    yield Part({"seconds": int(clock.now().timestamp() - psutil.boot_time())})


READINGS: dict[str, Callable[[], Iterator[Part]]] = {
    "load": load,
    "cpu": cpu,
    "memory": memory,
    "swap": swap,
    "file systems": file_systems,
    "disks": disks,
    "blocks": blocks,
    "interfaces": interfaces,
    "datagrams": datagrams,
    "processes": processes,
    "uptime": uptime,
}
