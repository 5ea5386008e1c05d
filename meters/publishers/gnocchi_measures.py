"""Samples as Gnocchi has them: measures of the metrics of resources."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from typing import Any, NamedTuple

from meters.publishers.documents import plain
from meters.samples import Sample
from telemetry_site.core.clock import EPOCH, on_the_wire
from telemetry_site.core.publishers.gnocchi_definitions import (
    Definitions,
    ResourceDefinition,
    resource_id,
)

LATEST = datetime(2262, 4, 11, tzinfo=UTC)  # Gnocchi counts nanoseconds since 1970 in 64 bits
LONGEST_UNIT = 31
SWIFT = "swift_account"


@dataclass(slots=True)
class Resource:
    """What a parcel says of one resource; the first of its samples says whose and what it is.

    `shown` is for its attributes as Gnocchi takes them.
    """

    id: str
    definition: ResourceDefinition
    user: str | None
    project: str | None
    metrics: dict[str, dict[str, Any]] = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)
    _showing: dict[bytes, Sample] = field(default_factory=dict)  # by metadata

    @property
    def type(self) -> str:
        """The resource type."""
        return self.definition.type

    def take(self, sample: Sample, definition: ResourceDefinition) -> None:
        """One more of its samples."""
        metric = self.metrics.get(sample.meter)
        if metric is None:
            policy = definition.metrics[sample.meter]
            metric = self.metrics[sample.meter] = {"archive_policy_name": policy, "measures": []}
            if sample.unit:
                metric["unit"] = sample.unit[:LONGEST_UNIT]
        moment = on_the_wire(sample.timestamp)
        metric["measures"].append({"timestamp": moment, "value": sample.volume})
        if definition is self.definition and definition.attributes:
            self._showing.pop(sample.metadata, None)
            self._showing[sample.metadata] = sample

    def attributes(self) -> dict[str, Any]:
        """The attributes that its samples show; of two values that of the later sample."""
        found: dict[str, Any] = {}
        for document in map(plain, self._showing.values()):
            for name, where in self.definition.attributes.items():
                if (value := where.value(document)) is not None:
                    found[name] = value
        return found

    def made(self) -> dict[str, Any]:
        """The body of the request that makes it, with its metrics."""
        metrics = {
            name: {key: value for key, value in metric.items() if key != "measures"}
            for name, metric in self.metrics.items()
        }
        owner = {"user_id": self.user, "project_id": self.project}
        return {"id": self.id, **owner, **self.shown, "metrics": metrics}


class Gathered(NamedTuple):
    """The resources of a parcel, the meters that have no definition, and how many samples Gnocchi
    could not take."""

    resources: list[Resource]
    unknown: set[str]
    unfit: int


def gathered(samples: Iterable[Sample], definitions: Definitions, own: str | None) -> Gathered:
    """The samples by resource, in their order, without those of Gnocchi's own project."""
    resources: dict[str, Resource] = {}
    unknown: set[str] = set()
    unfit = 0
    for sample in samples:
        definition = definitions.of_metric(sample.meter)
        if definition is None:
            unknown.add(sample.meter)
        elif not _left_out(sample, definition, own):
            id = resource_id(sample.resource)
            if id is None or not _fits(sample):
                unfit += 1
                continue
            if id not in resources:
                resources[id] = Resource(id, definition, sample.user, sample.project)
            resources[id].take(sample, definition)
    return Gathered(list(resources.values()), unknown, unfit)


def portions(resources: Iterable[Resource], most: int) -> Iterator[list[Resource]]:
    """In their order, so many metrics together; one that has more of them stands alone."""
    portion: list[Resource] = []
    count = 0
    for one in resources:
        if portion and count + len(one.metrics) > most:
            yield portion
            portion, count = [], 0
        portion.append(one)
        count += len(one.metrics)
    if portion:
        yield portion


def _left_out(sample: Sample, definition: ResourceDefinition, own: str | None) -> bool:
    if definition.ignored or sample.volume is None:
        return True
    if own is None:
        return False
    return sample.project == own or (definition.type == SWIFT and sample.resource == own)


def _fits(sample: Sample) -> bool:
    finite = sample.volume is not None and isfinite(sample.volume)
    return finite and EPOCH <= sample.timestamp < LATEST
