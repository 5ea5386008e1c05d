"""The demo cloud: its instances and things, and what each of them measured.

Everything is a function of a seed and of the time: another run, later, finds the same cloud.
"""

from collections.abc import Iterator
from uuid import UUID

from meters.samples import encode_metadata
from telemetry_site.core.clock import from_microseconds
from telemetry_site.demo.fleet import COUNTERS, GROUPS, THINGS, Counter, Thing
from telemetry_site.demo.lives import BEGINNING, Instance, instances
from telemetry_site.demo.rhythm import DAY, Work, chances
from telemetry_site.demo.stream import Owned, Plan, Stream, Volumes

IMAGE = {"webshop": "shop-release", "build": "runner-base"}


def streams(plan: Plan) -> Iterator[Stream]:
    """Every meter of everything that was there at some time of the plan."""
    for group in GROUPS:
        work = Work(group.rhythm, plan.step)
        for number in range(1, group.count + 1):
            for instance in instances(group, number, plan):
                yield from _of_instance(instance, work, plan)
    for thing in THINGS:
        yield _of_thing(thing, plan)


def _of_instance(instance: Instance, work: Work, plan: Plan) -> Iterator[Stream]:
    group, flavor = instance.group, instance.flavor
    server = plan.id_of(instance.name)
    owned = Owned(str(server), group.project, group.user, _metadata(instance, server, plan))
    port = f"instance-{server.fields[0]:08x}-{server}-tap{server.hex[-11:]}"
    card = Owned(port, group.project, group.user, owned.metadata)
    lived = range(max(instance.steps.start, plan.steps.start), instance.steps.stop)
    for counter in COUNTERS:
        volumes = _counter(counter, instance, work, plan)
        of = card if counter.scale == "network" else owned
        yield Stream(counter.name, "cumulative", counter.unit, of, plan.step, lived, volumes)
    memory = _memory(instance, work, plan)
    yield Stream("memory.usage", "gauge", "MB", owned, plan.step, lived, memory)
    sizes = (
        ("instance", "instance", 1),
        ("vcpus", "vcpu", flavor.vcpus),
        ("memory", "MB", flavor.memory),
        ("disk.root.size", "GB", flavor.disk),
    )
    for meter, unit, size in sizes:
        hours = plan.hourly(lived)
        yield Stream(meter, "gauge", unit, owned, plan.step, hours, _always(size))


def _metadata(instance: Instance, server: UUID, plan: Plan) -> bytes:
    group, flavor = instance.group, instance.flavor
    born = from_microseconds(instance.born * plan.step * 1_000_000)
    return encode_metadata(
        {
            "display_name": instance.name,
            "instance_id": str(server),
            "instance_type": flavor.name,
            "instance_host": instance.host(plan),
            "image": {"name": IMAGE.get(group.project, "debian-12")},
            "status": "active",
            "vcpus": flavor.vcpus,
            "cpu_number": flavor.vcpus,
            "memory_mb": flavor.memory,
            "disk_gb": flavor.disk,
            "created_at": born.isoformat(),
        }
    )


def _always(volume: float) -> Volumes:
    return lambda steps: [float(volume)] * len(steps)


def _done(meter: str, instance: Instance, work: Work, plan: Plan, steps: range) -> list[float]:
    key = f"{plan.seed} {instance.name} {meter}"
    return work.done(steps, chances(key, steps, plan.step))


def _counter(counter: Counter, instance: Instance, work: Work, plan: Plan) -> Volumes:
    """Counts up from the moment the instance began; one that is resized begins anew."""
    scales = {
        "vcpus": instance.flavor.vcpus,
        "disk": instance.group.disk,
        "network": instance.group.network,
    }
    rate = counter.rate * scales[counter.scale] * plan.step

    def volumes(steps: range) -> list[float]:
        begun = work.done(instance.steps[:1], [0.0])[0]
        found = _done(counter.name, instance, work, plan, steps)
        return [float(round((done - begun) * rate)) for done in found]

    return volumes


def _memory(instance: Instance, work: Work, plan: Plan) -> Volumes:
    """A third is always in use, more when there is work; in MB."""
    size = instance.flavor.memory
    key = f"{plan.seed} {instance.name} memory"

    def volumes(steps: range) -> list[float]:
        rolled = chances(key, steps, plan.step)
        shares = (
            0.33 + 0.5 * work.load(at) + 0.04 * chance
            for at, chance in zip(steps, rolled, strict=True)
        )
        return [float(round(size * share)) for share in shares]

    return volumes


def _of_thing(thing: Thing, plan: Plan) -> Stream:
    owned = Owned(
        str(plan.id_of(thing.name)),
        thing.project,
        thing.user,
        encode_metadata({"name": thing.name, "status": "available"}),
    )

    def volumes(steps: range) -> list[float]:
        days = ((at * plan.step - BEGINNING) // DAY for at in steps)
        return [float(round(thing.volume + thing.growth * day)) for day in days]

    hours = plan.hourly(plan.steps)
    return Stream(thing.meter, thing.type, thing.unit, owned, plan.step, hours, volumes)
