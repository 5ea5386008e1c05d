"""The tables of the demo cloud: flavors, days and weeks, groups of instances, other things."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from meters.samples import Kind

GB = 1024**3


@dataclass(frozen=True, slots=True)
class Flavor:
    """The size of an instance; memory in MB, disk in GB."""

    name: str
    vcpus: int
    memory: int
    disk: int


SMALL = Flavor("m1.small", 1, 2048, 20)
MEDIUM = Flavor("m1.medium", 2, 4096, 40)
LARGE = Flavor("m1.large", 4, 8192, 80)
XLARGE = Flavor("m1.xlarge", 8, 16384, 160)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How busy something is: a share of its strength at each even hour of a day (UTC).

    Between two of them it changes evenly; at weekends it is so many times as busy.
    """

    even_hours: tuple[float, ...]
    weekend: float


SHOP = Rhythm((0.12, 0.06, 0.04, 0.10, 0.26, 0.38, 0.44, 0.40, 0.42, 0.56, 0.62, 0.32), 1.1)
OFFICE = Rhythm((0.03, 0.03, 0.03, 0.08, 0.42, 0.52, 0.38, 0.50, 0.40, 0.12, 0.05, 0.03), 0.15)
NIGHT = Rhythm((0.60, 0.68, 0.55, 0.22, 0.06, 0.05, 0.05, 0.05, 0.06, 0.08, 0.18, 0.44), 1.0)
STEADY = Rhythm((0.52, 0.52, 0.52, 0.53, 0.55, 0.56, 0.56, 0.55, 0.54, 0.53, 0.52, 0.52), 1.0)
QUIET = Rhythm((0.03, 0.03, 0.03, 0.03, 0.05, 0.06, 0.06, 0.06, 0.05, 0.04, 0.03, 0.03), 0.7)


@dataclass(frozen=True, slots=True)
class Group:
    """Instances of one kind. `days` is how long one lives until another takes its place.

    `disk` and `network` are bytes a second at full strength; `grows` is the flavor that each gets
    in the middle of its life.
    """

    project: str
    user: str
    name: str
    count: int
    flavor: Flavor
    rhythm: Rhythm
    disk: float
    network: float
    days: int | None = None
    grows: Flavor | None = None


GROUPS = (
    Group("webshop", "anna", "web", 5, MEDIUM, SHOP, 4e5, 6e6),
    Group("webshop", "anna", "shop-db", 2, LARGE, SHOP, 9e6, 3e6),
    Group("webshop", "bilal", "checkout", 3, SMALL, SHOP, 2e5, 1e6),
    Group("webshop", "bilal", "sale", 3, MEDIUM, SHOP, 3e5, 5e6, days=7, grows=LARGE),
    Group("analytics", "chen", "nightly", 4, XLARGE, NIGHT, 3e7, 8e6),
    Group("analytics", "chen", "warehouse", 2, XLARGE, NIGHT, 4e7, 5e6),
    Group("research", "dora", "simulation", 6, LARGE, STEADY, 1e6, 4e5, days=9),
    Group("research", "emil", "notebook", 2, SMALL, OFFICE, 3e5, 2e5, days=16, grows=MEDIUM),
    Group("intranet", "fatma", "wiki", 1, SMALL, OFFICE, 2e5, 4e5),
    Group("intranet", "fatma", "mail", 2, MEDIUM, OFFICE, 2e6, 9e5),
    Group("build", "goran", "runner", 6, MEDIUM, OFFICE, 8e6, 2e6, days=4),
    Group("build", "goran", "cache", 1, MEDIUM, OFFICE, 1e7, 8e6),
    Group("archive", "hana", "gateway", 2, SMALL, QUIET, 2e6, 3e6),
    Group("archive", "hana", "trial", 1, SMALL, QUIET, 1e5, 1e5, days=12),
)

Scale: TypeAlias = Literal["vcpus", "disk", "network"]


@dataclass(frozen=True, slots=True)
class Counter:
    """A meter of an instance that only counts up: so much a second at full strength.

    The number is `rate` for each vCPU, or `rate` times the group's bytes of disk or network.
    """

    name: str
    unit: str
    scale: Scale
    rate: float


COUNTERS = (
    Counter("cpu", "ns", "vcpus", 1e9),
    Counter("disk.read.bytes", "B", "disk", 0.6),
    Counter("disk.write.bytes", "B", "disk", 0.4),
    Counter("disk.read.requests", "request", "disk", 0.6 / 16384),
    Counter("disk.write.requests", "request", "disk", 0.4 / 8192),
    Counter("network.incoming.bytes", "B", "network", 0.3),
    Counter("network.outgoing.bytes", "B", "network", 0.7),
    Counter("network.incoming.packets", "packet", "network", 0.3 / 700),
    Counter("network.outgoing.packets", "packet", "network", 0.7 / 900),
)


@dataclass(frozen=True, slots=True)
class Thing:
    """What is there all the time and is counted once an hour; `growth` is for each day."""

    meter: str
    unit: str
    project: str
    user: str | None
    name: str
    volume: float
    growth: float = 0.0
    type: Kind = "gauge"


def _volumes(project: str, user: str, name: str, sizes: tuple[int, ...]) -> tuple[Thing, ...]:
    return tuple(
        Thing("volume.size", "GB", project, user, f"{name}-{number}", size)
        for number, size in enumerate(sizes, start=1)
    )


def _addresses(project: str, user: str, count: int) -> tuple[Thing, ...]:
    return tuple(
        Thing("ip.floating", "ip", project, user, f"{project}-address-{number}", 1)
        for number in range(1, count + 1)
    )


THINGS = (
    *_volumes("webshop", "anna", "shop-data", (200, 200, 100)),
    *_volumes("analytics", "chen", "lake", (1000, 1000, 2000, 500)),
    *_volumes("research", "dora", "results", (500, 250)),
    *_volumes("intranet", "fatma", "mailbox", (300, 300)),
    *_volumes("build", "goran", "packages", (400,)),
    *_volumes("archive", "hana", "vault", (4000, 4000, 4000)),
    *_addresses("webshop", "anna", 4),
    *_addresses("analytics", "chen", 1),
    *_addresses("intranet", "fatma", 2),
    *_addresses("build", "goran", 1),
    Thing("image.size", "B", "intranet", None, "debian-12", 0.4 * GB),
    Thing("image.size", "B", "intranet", None, "ubuntu-24.04", 0.6 * GB),
    Thing("image.size", "B", "build", None, "runner-base", 2.2 * GB),
    Thing("image.size", "B", "webshop", None, "shop-release", 1.3 * GB),
    Thing("storage.objects.size", "B", "archive", None, "archive-store", 800 * GB, 11 * GB),
    Thing("storage.objects", "object", "archive", None, "archive-store", 410_000, 5_600),
    Thing("storage.objects.size", "B", "webshop", None, "webshop-store", 120 * GB, GB),
    Thing("storage.objects", "object", "webshop", None, "webshop-store", 260_000, 2_100),
)
