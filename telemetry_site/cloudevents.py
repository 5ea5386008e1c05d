"""CloudEvents 1.0 in JSON (structured mode), taken in as what a service says.

The type is the event type, the source the publisher, the data the payload; an id is known once for
each source. Whoever is confined to a project speaks for that project and itself alone, and its ids
are known once for each project: nobody can take another's away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from events import pipelines as event_pipelines
from events.records import LONGEST_TEXT, Event, Trait
from meters import pipelines
from meters.samples import Sample
from telemetry_site.conversion import convert
from telemetry_site.core.clock import from_text, on_the_wire
from telemetry_site.core.errors import BadRequest
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.messaging import receipts
from telemetry_site.core.messaging.cleaning import clean, needs_cleaning
from telemetry_site.core.messaging.notification import Notification
from telemetry_site.core.transactions import in_transaction

VERSION = "1.0"
REQUIRED = ("id", "source", "type")
MOST = 10_000

_NAMESPACE = uuid5(NAMESPACE_URL, "telemetry:cloudevents")


class Counts(msgspec.Struct):
    """What became of the events of a request: those that came before count as repeated."""

    accepted: int
    repeated: int
    events: int
    samples: int


@dataclass(frozen=True, slots=True)
class Made:
    """What an event of a request becomes."""

    id: UUID
    event: Event | None
    samples: Sequence[Sample]


def take_in(body: bytes, caller: Caller, now: datetime) -> Counts:
    """Store all of them, or none. Raises BadRequest with the place of the first fault."""
    made = [_made(one, place, caller, now) for place, one in enumerate(_read(body))]
    pipelines.prepare([sample for one in made for sample in one.samples])
    events = {one.id: event_pipelines.prepared(one.event) for one in made if one.event}
    event_pipelines.prepare(events.values())

    def work() -> Counts:
        fresh = receipts.take((one.id for one in made), now)
        kept = [one for one in {one.id: one for one in made}.values() if one.id in fresh]
        samples = [sample for one in kept for sample in one.samples]
        fresh_events = [events[one.id] for one in kept if one.id in events]
        pipelines.deliver([samples])
        event_pipelines.deliver(fresh_events, now)
        return Counts(len(kept), len(made) - len(kept), len(fresh_events), len(samples))

    return in_transaction(work)


def event_id(source: str, text: str, caller: Caller) -> UUID:
    """The id of an event: the same however often the pair comes of those who may say it."""
    project = () if caller.confined_to is None else (caller.confined_to,)
    return uuid5(_NAMESPACE, "\0".join((*project, source, text)))


def _read(body: bytes) -> list[Any]:
    try:
        found = msgspec.json.decode(body)
        found = clean(found) if needs_cleaning(body) else found
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadRequest("Request is not in valid JSON format") from error
    events = found if isinstance(found, list) else [found]
    if len(events) > MOST:
        raise BadRequest(f"There are more than {MOST} events in one request")
    return events


def _made(given: Any, place: int, caller: Caller, now: datetime) -> Made:
    said = _said(given, place, caller, now)
    found = convert(said, now)
    if found.faults:
        raise _fault(place, found.faults[0].reason)
    if caller.confined_to is None:
        return Made(said.id, _with_traits(found.event, _own(given)), found.samples)
    samples = [
        msgspec.structs.replace(one, project=caller.project, user=caller.user)
        for one in found.samples
    ]
    owner = {"project_id": caller.project, "tenant_id": caller.project, "user_id": caller.user}
    return Made(said.id, _with_traits(found.event, _own(given) | owner), samples)


def _said(given: Any, place: int, caller: Caller, now: datetime) -> Notification:
    """The event as a notification. Raises BadRequest."""
    if not isinstance(given, dict):
        raise _fault(place, "it is no JSON object")
    if given.get("specversion") != VERSION:
        raise _fault(place, f"its specversion must be {VERSION!r}")
    for name in REQUIRED:
        _check(given, name, place)
    data = given.get("data", given.get("data_base64"))
    message = {
        "ctxt": {"project_id": caller.project, "user_id": caller.user},
        "publisher_id": given["source"],
        "event_type": given["type"],
        "payload": data,
        "metadata": {"message_id": given["id"], "timestamp": _time(given, place, now)},
        "priority": "info",
    }
    return Notification(event_id(given["source"], given["id"], caller), message)


def _check(given: dict[str, Any], name: str, place: int) -> None:
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise _fault(place, f"it needs {name}: a text that is not empty")
    if len(value) > LONGEST_TEXT:
        raise _fault(place, f"its {name} is longer than {LONGEST_TEXT} characters")


def _time(given: dict[str, Any], place: int, now: datetime) -> str:
    text = given.get("time")
    if text is None:
        return on_the_wire(now)
    try:
        from_text(text)
    except (ValueError, TypeError) as error:
        raise _fault(place, f"its time {text!r:.100} is no RFC 3339 time") from error
    found: str = text
    return found


def _own(given: dict[str, Any]) -> dict[str, str | None]:
    """Traits that every CloudEvent has."""
    subject = given.get("subject")
    return {"source": given["source"], "subject": subject if isinstance(subject, str) else None}


def _with_traits(event: Event | None, named: dict[str, str | None]) -> Event | None:
    """The event with these traits in place of its own of the same names; None leaves out."""
    if event is None:
        return None
    kept = [trait for trait in event.traits if trait.name not in named]
    new = [Trait(name, "string", text[:LONGEST_TEXT]) for name, text in named.items() if text]
    return msgspec.structs.replace(event, traits=(*kept, *new))


def _fault(place: int, why: str) -> BadRequest:
    return BadRequest(f"Event {place + 1} of the request cannot be taken: {why}")
