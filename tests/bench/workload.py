"""The work that is measured: 1,000 resources of ten meters, a sample of each every minute."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

START = datetime(2026, 3, 1, tzinfo=UTC)
BATCH = 1_000
RESOURCES = 1_000
PROJECTS = 50
METERS = (
    ("cpu", "cumulative", "ns"),
    ("cpu_util", "gauge", "%"),
    ("memory.usage", "gauge", "MB"),
    ("disk.read.bytes", "cumulative", "B"),
    ("disk.write.bytes", "cumulative", "B"),
    ("disk.read.requests", "cumulative", "request"),
    ("disk.write.requests", "cumulative", "request"),
    ("network.incoming.bytes", "cumulative", "B"),
    ("network.outgoing.bytes", "cumulative", "B"),
    ("network.incoming.packets", "cumulative", "packet"),
)


def metadata(resource: int) -> dict[str, str]:
    """Ten keys, as an instance carries them."""
    return {
        "display_name": f"web-{resource:04}",
        "instance_type": f"m1.{('small', 'medium', 'large')[resource % 3]}",
        "flavor.id": str(resource % 3),
        "host": f"compute-{resource % 40:02}.example.org",
        "image_ref": f"http://images.example.org/{resource % 12:032x}",
        "status": "active",
        "availability_zone": "nova",
        "kernel_id": "",
        "ramdisk_id": "",
        "architecture": "x86_64",
    }


def batch(number: int) -> list[dict[str, Any]]:
    """The number-th batch: one meter of every resource, at its minute, as it is posted."""
    meter, kind, unit = METERS[number % len(METERS)]
    moment = START + timedelta(minutes=number // len(METERS))
    return [
        {
            "counter_name": meter,
            "counter_type": kind,
            "counter_unit": unit,
            "counter_volume": float(number * 1_000 + resource) / 7,
            "resource_id": f"3f2b{resource:04x}-1111-4222-8333-{resource:012x}",
            "project_id": f"{resource % PROJECTS:032x}",
            "user_id": f"{resource % PROJECTS:031x}a",
            "source": "openstack",
            "timestamp": moment.isoformat(),
            "resource_metadata": metadata(resource),
        }
        for resource in range(RESOURCES)
    ]


def bodies(first: int, count: int) -> Iterator[tuple[str, bytes]]:
    """So many batches from the first on: the meter, and the body of its POST."""
    for number in range(first, first + count):
        yield METERS[number % len(METERS)][0], msgspec.json.encode(batch(number))
