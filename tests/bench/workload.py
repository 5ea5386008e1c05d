"""The work that is measured: 1,000 resources of ten meters, a sample of each every minute."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

START = datetime(2026, 3, 1, tzinfo=UTC)
BATCH = 1_000
TIME_TO_LIVE = timedelta(days=365)  # of the samples in the measured stores
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
NAMES = tuple(name for name, _, _ in METERS)


def resource(number: int) -> str:
    """The id of a resource: a UUID, as instances have."""
    return f"3f2b{number & 0xFFFF:04x}-1111-4222-8333-{number:012x}"


def project(resource: int, projects: int = PROJECTS) -> str:
    """The project of a resource, when there are so many."""
    return f"{resource % projects:032x}"


def user(resource: int, projects: int = PROJECTS) -> str:
    """The user of a resource."""
    return f"{resource % projects:031x}a"


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


def posted(meter: int, resource_number: int, at: datetime, volume: float) -> dict[str, Any]:
    """A sample as it is posted."""
    name, kind, unit = METERS[meter]
    return {
        "counter_name": name,
        "counter_type": kind,
        "counter_unit": unit,
        "counter_volume": volume,
        "resource_id": resource(resource_number),
        "project_id": project(resource_number),
        "user_id": user(resource_number),
        "source": "openstack",
        "timestamp": at.isoformat(),
        "resource_metadata": metadata(resource_number),
    }


def batch(number: int) -> list[dict[str, Any]]:
    """The number-th batch: one meter of every resource, at its minute, as it is posted."""
    meter, minute = number % len(METERS), number // len(METERS)
    moment = START + timedelta(minutes=minute)
    return [
        posted(meter, place, moment, float(number * 1_000 + place) / 7)
        for place in range(RESOURCES)
    ]


def path(meter: int) -> str:
    """Where samples of a meter are posted to."""
    return f"/v2/meters/{NAMES[meter]}"


def bodies(first: int, count: int) -> Iterator[tuple[str, bytes]]:
    """So many batches from the first on: the path, and the body of its POST."""
    for number in range(first, first + count):
        yield path(number % len(METERS)), msgspec.json.encode(batch(number))
