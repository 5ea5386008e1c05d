"""The meters of the machine we run on: what each is, and which reading holds it."""

from dataclasses import dataclass

from meters.samples import Kind
from pollsters.pollster import PolledMeter

HOST = "the host"
CORE = "a processor core"
DISK = "a disk or partition"
FILE_SYSTEM = "a file system"
INTERFACE = "a network interface"


@dataclass(frozen=True, slots=True)
class HostMeter(PolledMeter):
    """A meter that is the value `key` in each part of one group of readings."""

    group: str
    key: str


def _rows(group: str, of: str, *rows: tuple[str, Kind, str, str, str]) -> tuple[HostMeter, ...]:
    return tuple(
        HostMeter(name, kind, unit, of, what, group, key) for name, kind, unit, key, what in rows
    )


METERS = (
    *_rows(
        "load",
        HOST,
        ("hardware.cpu.load.1min", "gauge", "process", "1", "Load over the last minute"),
        ("hardware.cpu.load.5min", "gauge", "process", "5", "Load over the last 5 minutes"),
        ("hardware.cpu.load.15min", "gauge", "process", "15", "Load over the last 15 minutes"),
    ),
    *_rows(
        "cpu",
        HOST,
        ("hardware.cpu.util", "gauge", "%", "busy", "Share of time the processors were at work"),
        (
            "hardware.system_stats.cpu.idle",
            "gauge",
            "%",
            "idle",
            "Share of time the processors were idle",
        ),
        ("host.cpu.count", "gauge", "core", "count", "Processor cores in use"),
        ("host.cpu.time.user", "cumulative", "s", "user", "Processor time spent in programs"),
        ("host.cpu.time.system", "cumulative", "s", "system", "Processor time spent in the kernel"),
        ("host.cpu.time.idle", "cumulative", "s", "idle_time", "Processor time spent idle"),
        ("host.cpu.time.iowait", "cumulative", "s", "iowait", "Idle time with a disk to wait for"),
        ("host.cpu.time.steal", "cumulative", "s", "steal", "Time the hypervisor gave to others"),
    ),
    *_rows(
        "cpu",
        CORE,
        ("host.cpu.core.util", "gauge", "%", "core", "Share of time the core was at work"),
    ),
    *_rows(
        "memory",
        HOST,
        ("hardware.memory.total", "gauge", "KB", "total", "Memory of the machine"),
        ("hardware.memory.used", "gauge", "KB", "used", "Memory not free, with caches and buffers"),
        ("hardware.memory.buffer", "gauge", "KB", "buffers", "Memory in buffers"),
        ("hardware.memory.cached", "gauge", "KB", "cached", "Memory in the page cache"),
        ("host.memory.available", "gauge", "KB", "available", "Memory programs can have at once"),
    ),
    *_rows(
        "swap",
        HOST,
        ("hardware.memory.swap.total", "gauge", "KB", "total", "Swap space"),
        ("hardware.memory.swap.avail", "gauge", "KB", "free", "Swap space that is free"),
        ("host.memory.swap.in", "cumulative", "B", "in", "Read back from swap"),
        ("host.memory.swap.out", "cumulative", "B", "out", "Written to swap"),
    ),
    *_rows(
        "file systems",
        FILE_SYSTEM,
        ("hardware.disk.size.total", "gauge", "KB", "total", "Size of the file system"),
        ("hardware.disk.size.used", "gauge", "KB", "used", "Space that is used"),
        ("host.disk.inodes.total", "gauge", "inode", "inodes", "Files it can hold"),
        ("host.disk.inodes.used", "gauge", "inode", "inodes_used", "Files it holds"),
    ),
    *_rows(
        "disks",
        DISK,
        ("hardware.disk.read.bytes", "gauge", "B", "read_bytes", "Read since the start"),
        ("hardware.disk.write.bytes", "gauge", "B", "write_bytes", "Written since the start"),
        ("hardware.disk.read.requests", "gauge", "requests", "read_count", "Reads since the start"),
        (
            "hardware.disk.write.requests",
            "gauge",
            "requests",
            "write_count",
            "Writes since the start",
        ),
    ),
    *_rows(
        "blocks",
        HOST,
        (
            "hardware.system_stats.io.incoming.blocks",
            "cumulative",
            "blocks",
            "in",
            "Blocks of 512 bytes read from all disks",
        ),
        (
            "hardware.system_stats.io.outgoing.blocks",
            "cumulative",
            "blocks",
            "out",
            "Blocks of 512 bytes written to all disks",
        ),
    ),
    *_rows(
        "interfaces",
        INTERFACE,
        ("hardware.network.incoming.bytes", "cumulative", "B", "bytes_recv", "Received"),
        ("hardware.network.outgoing.bytes", "cumulative", "B", "bytes_sent", "Sent"),
        ("hardware.network.outgoing.errors", "cumulative", "packet", "errout", "Failed to send"),
        ("host.network.incoming.errors", "cumulative", "packet", "errin", "Received broken"),
        ("host.network.incoming.packets", "cumulative", "packet", "packets_recv", "Received"),
        ("host.network.outgoing.packets", "cumulative", "packet", "packets_sent", "Sent"),
        ("host.network.incoming.drop", "cumulative", "packet", "dropin", "Received and dropped"),
        ("host.network.outgoing.drop", "cumulative", "packet", "dropout", "Dropped unsent"),
    ),
    *_rows(
        "datagrams",
        HOST,
        (
            "hardware.network.ip.incoming.datagrams",
            "cumulative",
            "datagrams",
            "InReceives",
            "IP datagrams received",
        ),
        (
            "hardware.network.ip.outgoing.datagrams",
            "cumulative",
            "datagrams",
            "OutRequests",
            "IP datagrams sent",
        ),
    ),
    *_rows("processes", HOST, ("host.processes", "gauge", "process", "count", "Processes")),
    *_rows("uptime", HOST, ("host.uptime", "cumulative", "s", "seconds", "Time since the start")),
)
