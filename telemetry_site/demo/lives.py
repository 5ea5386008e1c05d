"""The instances of the demo cloud: which there are, how long each lives, how large it is then."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from telemetry_site.demo.fleet import Flavor, Group
from telemetry_site.demo.rhythm import DAY, WEEK
from telemetry_site.demo.stream import Plan

BEGINNING = 2600 * WEEK  # all that lives for ever began then, in October 2019
HOSTS = 8


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance of a group, for the steps that it was there with this flavor.

    `born` is the step at which it was made, `died` the first that it did not see any more.
    """

    group: Group
    number: int
    generation: int
    flavor: Flavor
    steps: range
    born: int
    died: int | None = None

    @property
    def name(self) -> str:
        """web-2 for one that stays, runner-2-391 for one that is replaced."""
        name = f"{self.group.name}-{self.number}"
        return name if self.group.days is None else f"{name}-{self.generation}"

    def host(self, plan: Plan) -> str:
        """The machine that it runs on."""
        return f"compute-{1 + plan.id_of(self.name).int % HOSTS}"


def instances(group: Group, number: int, plan: Plan) -> Iterator[Instance]:
    """Who held this place of the group during the plan, one after the other.

    One that was resized comes twice, before and after.
    """
    if group.days is None:
        born = BEGINNING // plan.step
        steps = range(born, plan.steps.stop)
        yield Instance(group, number, 0, group.flavor, steps, born)
        return
    length = group.days * DAY
    shift = BEGINNING + length * number // group.count
    first = (plan.steps.start * plan.step - shift) // length
    last = (plan.steps.stop * plan.step - shift) // length
    for generation in range(first, last + 1):
        dice = random.Random(f"{plan.seed} {group.name} {number} {generation}")  # noqa: S311
        begun = shift + generation * length + int(dice.uniform(0, 0.2) * length)
        ended = shift + (generation + 1) * length - int(dice.uniform(0, 0.3) * length)
        born, died = begun // plan.step, ended // plan.step
        for flavor, steps in _sizes(group, born, died):
            seen = range(steps.start, min(steps.stop, plan.steps.stop))
            if seen.stop > plan.steps.start and seen:
                yield Instance(group, number, generation, flavor, seen, born, died)


def _sizes(group: Group, born: int, died: int) -> Iterator[tuple[Flavor, range]]:
    """What sizes it has in its life, from which step to which."""
    if group.grows is None:
        yield group.flavor, range(born, died)
        return
    middle = (born + died) // 2
    yield group.flavor, range(born, middle)
    yield group.grows, range(middle, died)
