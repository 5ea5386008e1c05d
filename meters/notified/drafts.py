"""From what a definition found in a notification to samples that can be stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any, NamedTuple
from uuid import UUID

from meters.ids import derived_id
from meters.samples import KINDS, MAX_VOLUME, Sample, encode_metadata
from telemetry_site.core.clock import EPOCH, utc
from telemetry_site.core.errors import TelemetryError
from telemetry_site.core.messaging.notification import Notification

LONGEST_TEXT = 255


class Unusable(TelemetryError):
    """What was found can be no sample; says of which meter, by which definition, and why."""


class Draft(NamedTuple):
    """The values of a sample as they were found; `place` is the definition they came by.

    Without `metadata` the sample has the notification's payload; `timestamp` is None for the
    notification's own time, `source` and `id` for those that we give.
    """

    place: str
    name: Any
    type: Any
    unit: Any
    volume: Any
    resource: Any
    project: Any = None
    user: Any = None
    timestamp: Any = None
    metadata: Mapping[str, Any] | None = None
    user_metadata: Mapping[str, Any] | None = None
    source: Any = None
    id: Any = None


class Dropped(NamedTuple):
    """A sample that there is not, and why; nothing is wrong with the notification."""

    name: str
    place: str
    why: str


class Made(NamedTuple):
    """The samples of a notification, where each came from, and what was left out."""

    samples: list[Sample]
    places: list[str]
    dropped: list[Dropped]


@dataclass(frozen=True, slots=True)
class Terms:
    """What all samples of notifications have in common.

    `namespace` and `keys` say which of a user's metadata are kept.
    """

    source: str = "openstack"
    namespace: str = "metering."
    keys: frozenset[str] = frozenset()


class Finishing:
    """Makes samples of the drafts of one notification."""

    def __init__(self, said: Notification, terms: Terms) -> None:
        self._said = said
        self._terms = terms
        self._made = Made([], [], [])
        self._id_text = str(said.id)
        self._counts: dict[str, int] = {}
        self._default: tuple[dict[str, Any], bytes] | None = None

    def all(self, drafts: Iterable[Draft]) -> Made:
        """The samples of all of them. Raises Unusable for the first that can be none."""
        for draft in drafts:
            why = "it has no volume" if draft.volume is None else ""
            why = why or ("it has no resource" if draft.resource in (None, "") else "")
            if why:
                self._made.dropped.append(Dropped(str(draft.name), draft.place, why))
            else:
                self._made.samples.append(self._sample(draft))
                self._made.places.append(draft.place)
        return self._made

    def _sample(self, draft: Draft) -> Sample:
        try:
            name = _text(draft.name, "name")
            return Sample(
                name,
                _kind(draft.type),
                None if draft.unit is None else _text(draft.unit, "unit"),
                _volume(draft.volume),
                _text(draft.resource, "resource"),
                None if draft.project is None else _text(draft.project, "project"),
                None if draft.user is None else _text(draft.user, "user"),
                self._terms.source if draft.source is None else _text(draft.source, "source"),
                self._moment(draft),
                self._id(name) if draft.id is None else _own_id(draft.id),
                self._metadata(draft),
            )
        except (ValueError, TypeError, OverflowError) as error:
            raise Unusable(f"{draft.name} ({draft.place}): {error}") from error

    def _id(self, name: str) -> UUID:
        """The same however often the notification comes."""
        position = self._counts[name] = self._counts.get(name, -1) + 1
        return derived_id(self._id_text, name, str(position))

    def _moment(self, draft: Draft) -> datetime:
        text = draft.timestamp if draft.timestamp is not None else self._said.timestamp
        if text is None:
            raise ValueError("it has no time, and neither has the notification")
        return moment(text)

    def _metadata(self, draft: Draft) -> bytes:
        if draft.metadata is None and draft.user_metadata is None:
            return self._payload()[1]
        found = dict(self._payload()[0] if draft.metadata is None else draft.metadata)
        kept = self._kept(draft.user_metadata or {}, found)
        if kept:
            found["user_metadata"] = kept
        return encode_metadata(found)

    def _payload(self) -> tuple[dict[str, Any], bytes]:
        """The payload with who said what, made once for all samples that have it."""
        if self._default is None:
            payload = self._said.payload
            found = dict(payload) if isinstance(payload, dict) else {}
            found |= {"event_type": self._said.event_type, "host": self._said.publisher}
            self._default = (found, encode_metadata(found))
        return self._default

    def _kept(self, given: Mapping[str, Any], beside: Mapping[str, Any]) -> dict[str, Any]:
        """Keys of the namespace without it, and those that are named; dots become underscores."""
        found = {}
        for key, value in given.items():
            if key.startswith(self._terms.namespace):
                key = key[len(self._terms.namespace) :]
            elif key not in self._terms.keys:
                continue
            key = key.replace(".", "_")
            if key not in beside:
                found[key] = value[:256] if isinstance(value, str) else value
        return found


def moment(text: Any) -> datetime:
    """The time that a text names, in UTC; without an offset it is UTC. Raises ValueError."""
    if not isinstance(text, str):
        raise ValueError(f"its time {text!r} is no text")
    found = utc(text)
    if found < EPOCH:
        raise ValueError(f"its time {text} lies before 1970")
    return found


def _text(value: Any, field: str) -> str:
    if type(value) is str and len(value) <= LONGEST_TEXT:
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"its {field} is no text but {value!r:.200}")
    found = str(value)
    if len(found) > LONGEST_TEXT:
        raise ValueError(f"its {field} is longer than {LONGEST_TEXT} characters")
    return found


def _kind(value: Any) -> str:
    if value not in KINDS:
        raise ValueError(f"its type is none of {', '.join(KINDS)} but {value!r:.200}")
    found: str = value
    return found


def _own_id(value: Any) -> UUID:
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError):
        raise ValueError(f"its id is no UUID but {value!r:.200}") from None


def _volume(value: Any) -> float:
    """The number, also of a text. Raises ValueError."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"its volume is no number but {value!r:.200}") from None
    if not isfinite(found) or abs(found) > MAX_VOLUME:
        raise ValueError(f"its volume {value!r:.200} is not between -1e100 and 1e100")
    return found
