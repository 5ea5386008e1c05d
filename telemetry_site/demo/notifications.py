"""What the demo's compute service says of its instances: the same at every run.

Each is there from the moment of its first sample to that behind its last one, and is of another
size from the moment that its samples are.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from meters.ids import derived_id
from telemetry_site.core.clock import from_microseconds, on_the_wire
from telemetry_site.core.messaging.notification import Notification
from telemetry_site.demo.fleet import GROUPS, Flavor, Group
from telemetry_site.demo.lives import Instance, instances
from telemetry_site.demo.rhythm import DAY
from telemetry_site.demo.stream import SOURCE, Plan


class Stage(NamedTuple):
    """What is said so many seconds before something is done, and the state that is named."""

    event_type: str
    seconds: int
    state: str


MADE = (
    Stage("compute.instance.create.start", 24, "building"),
    Stage("compute.instance.create.end", 0, "active"),
)
RESIZED = (
    Stage("compute.instance.resize.prep.start", 40, "active"),
    Stage("compute.instance.resize.end", 14, "active"),
    Stage("compute.instance.finish_resize.end", 0, "active"),
)
GONE = (
    Stage("compute.instance.delete.start", 6, "active"),
    Stage("compute.instance.delete.end", 0, "deleted"),
)
EXISTS = Stage("compute.instance.exists", 0, "active")


def notifications(plan: Plan, groups: tuple[Group, ...] = GROUPS) -> Iterator[Notification]:
    """All that is said behind the last step before the plan, up to its last."""
    first, last = ((at - 1) * plan.step for at in (plan.steps.start, plan.steps.stop))
    # Who ends with the step before the plan is said to be gone at its first.
    wider = replace(plan, steps=range(plan.steps.start - 1, plan.steps.stop))
    for group in groups:
        for number in range(1, group.count + 1):
            for instance in instances(group, number, wider):
                for stage, second in _life(instance, plan):
                    if first < second <= last:
                        yield _said(instance, stage, second, plan)


def _life(instance: Instance, plan: Plan) -> Iterator[tuple[Stage, int]]:
    """What is said of it in this size, and at which second."""
    steps, born = instance.steps, instance.born
    beginning = MADE if steps.start == born else RESIZED
    yield from _before(steps.start, beginning, plan)
    per_day = DAY // plan.step
    begun = max(steps.start, born + 1, plan.steps.start)
    for midnight in range(-(-begun // per_day) * per_day, steps.stop, per_day):
        yield EXISTS, midnight * plan.step
    if steps.stop == instance.died:
        yield from _before(steps.stop, GONE, plan)


def _before(step: int, stages: tuple[Stage, ...], plan: Plan) -> Iterator[tuple[Stage, int]]:
    """Behind the step before, however short steps are."""
    for stage in stages:
        yield stage, step * plan.step - min(stage.seconds, plan.step - 1)


def _said(instance: Instance, stage: Stage, second: int, plan: Plan) -> Notification:
    group, server = instance.group, str(plan.id_of(instance.name))
    number = derived_id(SOURCE, stage.event_type, server, str(second))
    resizing = stage in RESIZED[:-1]
    message = {
        "ctxt": {"project_id": group.project, "user_id": group.user},
        "publisher_id": f"compute.{instance.host(plan)}",
        "event_type": stage.event_type,
        "payload": {
            "tenant_id": group.project,
            "user_id": group.user,
            "instance_id": server,
            "display_name": instance.name,
            "state": stage.state,
            **_size(group.flavor if resizing else instance.flavor),
            **_times(instance, stage, second, plan),
        },
        "metadata": {"message_id": str(number), "timestamp": _text(second)},
        "priority": "info",
    }
    return Notification(number, message)


def _size(flavor: Flavor) -> dict[str, Any]:
    return {
        "instance_type": flavor.name,
        "vcpus": flavor.vcpus,
        "memory_mb": flavor.memory,
        "disk_gb": flavor.disk,
        "root_gb": flavor.disk,
        "ephemeral_gb": 0,
    }


def _times(instance: Instance, stage: Stage, second: int, plan: Plan) -> dict[str, str]:
    if stage == MADE[0]:
        return {}
    found = {"launched_at": instance.born * plan.step}
    if stage == GONE[-1]:
        found["deleted_at"] = second
    if stage == EXISTS:
        found["audit_period_beginning"] = second - DAY
        found["audit_period_ending"] = second
    return {name: _text(at) for name, at in found.items()}


def _text(second: int) -> str:
    return on_the_wire(from_microseconds(second * 1_000_000))
