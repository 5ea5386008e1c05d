"""Notifications converted to be looked at: what they would become, and by which definitions."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

import msgspec

from events.definitions import Unusable as NoEvent
from events.ingest import definitions as event_definitions
from events.records import Trait, TraitType
from meters.ingest import from_notification as samples_from
from meters.notified.drafts import Dropped, Made
from meters.notified.drafts import Unusable as NoSamples
from meters.samples import Sample
from telemetry_site.conversion import WITH_EVENT, WITH_SAMPLES, event_of
from telemetry_site.core.clock import on_the_wire
from telemetry_site.core.messaging.notification import Notification, Undecodable, decode


class ShownSample(msgspec.Struct):
    """A sample, and the definition that made it."""

    name: str
    type: str
    unit: str | None
    volume: float | None
    resource_id: str
    project_id: str | None
    user_id: str | None
    timestamp: str
    metadata: msgspec.Raw
    definition: str


class ShownTrait(msgspec.Struct):
    """A trait with its value as it is; a time is in UTC, without a zone."""

    name: str
    type: TraitType
    value: str | int | float


class ShownEvent(msgspec.Struct):
    """An event, and the definition that made it."""

    message_id: UUID
    event_type: str
    generated: str
    traits: list[ShownTrait]
    definition: str


class Shown(msgspec.Struct, omit_defaults=True):
    """A notification of a file, and all that became of it."""

    file: str
    event_type: str = ""
    samples: list[ShownSample] = msgspec.field(default_factory=list)
    event: ShownEvent | None = None
    dropped: list[Dropped] = []
    faults: list[str] = []


def converted(file: str, body: bytes, now: datetime) -> Shown:
    """What the notification becomes; what is wrong with it is told among its faults."""
    try:
        said = decode(body)
    except Undecodable as error:
        return Shown(file, faults=[str(error)])
    found = Shown(file, said.event_type)
    try:
        made = samples_from(said) if said.priority in WITH_SAMPLES else Made([], [], [])
        found.samples = [_sample(*pair) for pair in zip(made.samples, made.places, strict=True)]
        found.dropped = made.dropped
    except NoSamples as error:
        found.faults = [f"No samples: {error}"]
    try:
        found.event = _event(said, now)
    except NoEvent as error:
        found.faults = [*found.faults, f"No event: {error}"]
    return found


def _sample(sample: Sample, place: str) -> ShownSample:
    return ShownSample(
        sample.meter,
        sample.type,
        sample.unit,
        sample.volume,
        sample.resource,
        sample.project,
        sample.user,
        sample.timestamp.isoformat(),
        msgspec.Raw(sample.metadata),
        place,
    )


def _event(said: Notification, now: datetime) -> ShownEvent | None:
    event = event_of(said, now) if said.priority in WITH_EVENT else None
    if event is None:
        return None
    chosen = event_definitions().chosen(said.event_type)
    return ShownEvent(
        event.message_id,
        event.event_type,
        on_the_wire(event.generated),
        [_trait(one) for one in sorted(event.traits, key=lambda one: one.name)],
        chosen.place if chosen else "",
    )


def _trait(trait: Trait) -> ShownTrait:
    value = trait.value
    return ShownTrait(
        trait.name, trait.type, on_the_wire(value) if isinstance(value, datetime) else value
    )


def bodies(file: str, standard_input: TextIO) -> Iterator[bytes]:
    """The notifications of a file, or of standard input for `-`: one, a list, or one a line.

    Raises OSError; what is no JSON comes out as it is.
    """
    content = standard_input.read().encode() if file == "-" else Path(file).read_bytes()
    try:
        found: Any = msgspec.json.decode(content)
    except msgspec.DecodeError:
        lines = [line for line in content.splitlines() if line.strip()]
        yield from lines if len(lines) > 1 and _all_json(lines) else [content]
        return
    if not isinstance(found, list):
        yield content
        return
    yield from (msgspec.json.encode(one) for one in found)


def _all_json(lines: list[bytes]) -> bool:
    try:
        return all(msgspec.json.decode(line) is not None for line in lines)
    except msgspec.DecodeError:
        return False
