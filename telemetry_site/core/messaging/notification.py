"""A notification as it lies on the bus, decoded.

The wire is oslo.messaging's: the notification itself (driver `messaging`), or an envelope that
holds it as text (driver `messagingv2`).
"""

import json
from collections.abc import Mapping
from typing import Any, NoReturn
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from telemetry_site.core.errors import TelemetryError
from telemetry_site.core.messaging.cleaning import clean, needs_cleaning

VERSION, MESSAGE = "oslo.version", "oslo.message"
CONTEXT = "_context_"
PRIORITIES = frozenset(("audit", "debug", "info", "warn", "error", "critical", "sample"))
LONGEST_NAME = 255

_NAMESPACE = uuid5(NAMESPACE_URL, "telemetry:notifications")
_decode = msgspec.json.Decoder().decode


class Undecodable(TelemetryError):
    """A message that is no notification; says why."""


class Notification(msgspec.Struct, frozen=True):
    """What a service said.

    `id` is unique to it: its message id, or made of that where it is no UUID. `message` is what
    paths of definitions are about: ctxt, publisher_id, event_type, payload, metadata (of
    message_id and timestamp), priority.
    """

    id: UUID
    message: Mapping[str, Any]

    @property
    def message_id(self) -> str:
        """As it was sent."""
        found: str = self.message["metadata"]["message_id"]
        return found

    @property
    def event_type(self) -> str:
        """What happened, in words with dots."""
        found: str = self.message["event_type"]
        return found

    @property
    def publisher(self) -> str | None:
        """Who says so, usually service.host."""
        found: str | None = self.message["publisher_id"]
        return found

    @property
    def priority(self) -> str:
        """One of PRIORITIES."""
        found: str = self.message["priority"]
        return found

    @property
    def timestamp(self) -> str | None:
        """When, as it was sent."""
        found: str | None = self.message["metadata"]["timestamp"]
        return found

    @property
    def payload(self) -> Any:
        """What was said, usually an object."""
        return self.message["payload"]


def decode(body: bytes, priority: str = "info") -> Notification:
    """The notification of a message's body; `priority` is for one that names none.

    Raises Undecodable.
    """
    try:
        return from_wire(_content(body), priority)
    except (ValueError, OverflowError, RecursionError) as error:
        raise Undecodable(f"It cannot be read: {error}") from error


def from_wire(content: Any, priority: str = "info") -> Notification:
    """The notification of what a body held, without its envelope. Raises Undecodable."""
    if not isinstance(content, dict):
        raise Undecodable("It is no JSON object")
    message_id = _text(content, "message_id") or _missing("message_id")
    event_type = _text(content, "event_type") or _missing("event_type")
    priority = (_text(content, "priority") or priority).lower()
    if priority not in PRIORITIES:
        raise Undecodable(f"Its priority {priority} is none of {', '.join(sorted(PRIORITIES))}")
    message = {
        "ctxt": {
            name[len(CONTEXT) :]: value
            for name, value in content.items()
            if name.startswith(CONTEXT)
        },
        "publisher_id": _text(content, "publisher_id"),
        "event_type": event_type,
        "payload": content.get("payload"),
        "metadata": {"message_id": message_id, "timestamp": _text(content, "timestamp")},
        "priority": priority,
    }
    return Notification(as_uuid(message_id), message)


def as_uuid(message_id: str) -> UUID:
    """The id as a UUID, made of its text where it is none.

    >>> str(as_uuid("6A7B2C1D-1111-4222-8333-444455556666"))
    '6a7b2c1d-1111-4222-8333-444455556666'
    """
    try:
        return UUID(message_id)
    except ValueError:
        return uuid5(_NAMESPACE, message_id)


def _content(body: bytes | str) -> Any:
    """What the body says; out of its envelope, if it has one, and storable."""
    content = _read(body)
    if isinstance(content, dict) and VERSION in content and MESSAGE in content:
        _check_version(content[VERSION])
        inner = content[MESSAGE]
        if not isinstance(inner, str):
            raise Undecodable(f"{MESSAGE} is no text")
        content = _read(inner)
    raw = body.encode() if isinstance(body, str) else body
    return clean(content) if needs_cleaning(raw) else content


def _read(text: bytes | str) -> Any:
    try:
        return _decode(text)
    except (msgspec.DecodeError, UnicodeError):
        # Python's own writer says NaN and half characters too.
        return json.loads(text, parse_constant=lambda _: None)


def _check_version(version: object) -> None:
    """Two versions go together when the first number is the same and the second not greater."""
    major, dot, minor = str(version).partition(".")
    if major != "2" or (dot and minor != "0"):
        raise Undecodable(f"Its envelope is of version {version}, and we read version 2.0")


def _text(content: Mapping[str, Any], name: str) -> str | None:
    value = content.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Undecodable(f"Its {name} is no text")
    if len(value) > LONGEST_NAME:
        raise Undecodable(f"Its {name} is longer than {LONGEST_NAME} characters")
    return value


def _missing(name: str) -> NoReturn:
    raise Undecodable(f"It has no {name}")
