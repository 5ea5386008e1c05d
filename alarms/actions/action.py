"""What an action is: it tells somebody that an alarm has changed its state."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

import msgspec

from telemetry_site.core.errors import TelemetryError


class ActionError(TelemetryError):
    """An action has not arrived.

    `permanent` says that it never will. Every other is tried again, not before `after` has gone by
    where its target says how long it wants to be left alone.
    """

    def __init__(
        self, why: str, *, permanent: bool = False, after: timedelta = timedelta(0)
    ) -> None:
        super().__init__(why)
        self.permanent = permanent
        self.after = after


class Told(msgspec.Struct, frozen=True):
    """What the body of an action says of its alarm, as far as we read it ourselves."""

    alarm_id: str
    alarm_name: str
    severity: str
    previous: str
    current: str
    reason: str


class Call(NamedTuple):
    """One try of a delivery; `attempt` counts from 1, `delivery_id` is the same in each."""

    delivery_id: str
    action: str
    body: bytes
    attempt: int
    now: datetime

    @property
    def told(self) -> Told:
        """What the body says."""
        return msgspec.json.decode(self.body, type=Told)


class Action(Protocol):
    """A way of telling; each has an entry in ACTIONS."""

    def __init__(self, telemetry: Mapping[str, Any]) -> None:
        """Made for a call, of our settings."""

    def run(self, call: Call) -> str:
        """Tell it; what was answered, in some words. Raises ActionError."""
        ...


def one_line(text: str) -> str:
    """The text without line breaks and whatever else does not print, so that a log stays legible.

    >>> one_line("quiet\\n2026-01-01 ERROR all is lost")
    'quiet 2026-01-01 ERROR all is lost'
    """
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
