"""What is measured, when, and how it becomes samples that are the same at every run."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from meters.ids import derived_id
from meters.samples import Kind, Sample
from telemetry_site.core.clock import from_microseconds, to_microseconds
from telemetry_site.demo.rhythm import DAY, HOUR

SOURCE = "demo"

Volumes = Callable[[range], list[float]]


@dataclass(frozen=True, slots=True)
class Plan:
    """Which cloud: `step` is in seconds, `steps` count from 1970 and are those to be filled."""

    seed: str
    step: int
    steps: range

    @classmethod
    def until(cls, now: datetime, seed: str, step: int, days: int) -> "Plan":
        """So many days that end now. Raises ValueError where a day is not made of such steps."""
        if DAY % step:
            raise ValueError(f"A day cannot be cut into steps of {step} seconds.")
        last = to_microseconds(now) // 1_000_000 // step
        return cls(seed, step, range(last + 1 - days * DAY // step, last + 1))

    def hourly(self, steps: range) -> range:
        """Those of the steps at which an hour begins."""
        stride = max(HOUR // self.step, 1)
        return range(-(-steps.start // stride) * stride, steps.stop, stride)

    def id_of(self, name: str) -> UUID:
        """The id of what has this name in the cloud of this seed."""
        return derived_id(SOURCE, self.seed, name)


@dataclass(frozen=True, slots=True)
class Owned:
    """Something that is measured, and whose it is."""

    resource: str
    project: str
    user: str | None
    metadata: bytes


@dataclass(frozen=True, slots=True)
class Stream:
    """One meter of one resource: `volumes` gives its number at each of the steps."""

    meter: str
    type: Kind
    unit: str
    of: Owned
    step: int
    steps: range
    volumes: Volumes

    def __len__(self) -> int:
        return len(self.steps)

    def samples(self) -> Iterator[Sample]:
        """All of its samples, in order; the same sample has the same id at every run."""
        of = self.of
        for at, volume in zip(self.steps, self.volumes(self.steps), strict=True):
            second = at * self.step
            yield Sample(
                meter=self.meter,
                type=self.type,
                unit=self.unit,
                volume=volume,
                resource=of.resource,
                project=of.project,
                user=of.user,
                source=SOURCE,
                timestamp=from_microseconds(second * 1_000_000),
                message_id=derived_id(SOURCE, self.meter, of.resource, str(second)),
                metadata=of.metadata,
            )
