"""An entry of a posted list, as decoded and as answered, and the terms it is read under."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, NamedTuple, TypeAlias

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from meters.samples import MAX_VOLUME, Kind
from telemetry_site.core.clock import EPOCH, on_the_wire
from telemetry_site.core.errors import InvalidInput

# Two of these texts stand in one index entry, which PostgreSQL bounds at 2,700 bytes.
LONGEST_TEXT = 255
TOO_LONG = f"It must be at most {LONGEST_TEXT} characters long, without NUL"
FARTHEST_AHEAD = timedelta(days=3653)
NO_METADATA = Raw(b"{}")
MOST_MOMENTS = 10_000

Text: TypeAlias = Annotated[str, Meta(max_length=LONGEST_TEXT)]
Volume: TypeAlias = Annotated[float, Meta(ge=-MAX_VOLUME, le=MAX_VOLUME)]


class Message(Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A posted sample with all that can be checked without knowing who posts it and when.

    The fields and their order are the wire's, so that a message that has been filled in is its
    own answer. Times are text that `Moments` reads; `resource_metadata` is the JSON of an
    object, not looked into.
    """

    source: Text | None = None
    counter_name: Text
    counter_type: Kind
    counter_unit: Text | None
    counter_volume: Volume | None
    user_id: Text | None = None
    project_id: Text | None = None
    resource_id: Text
    timestamp: str | None = None
    recorded_at: str | UnsetType | None = UNSET
    resource_metadata: Raw = NO_METADATA
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What a list is read under: the meter of the path, who posts it, and when.

    `confined_to` is the only project the poster may name, None for any; `source` stands in for
    a source that was not sent.
    """

    meter: str
    user: str | None
    project: str | None
    confined_to: str | None
    source: str
    now: datetime

    def __post_init__(self) -> None:
        """Raises InvalidInput for a poster that no sample can name."""
        for field, name in (("user_id", self.user), ("project_id", self.project)):
            if name and (len(name) > LONGEST_TEXT or "\0" in name):
                raise InvalidInput(field, name[:LONGEST_TEXT], TOO_LONG)

    @property
    def latest(self) -> datetime:
        """No sample may be of a later time."""
        return self.now + FARTHEST_AHEAD


class Moment(NamedTuple):
    """A time in UTC, and how it is answered: with the offset it was sent with."""

    utc: datetime
    as_sent: str


class Moments(dict[str | None, Moment]):
    """Times by their texts, each read once: agents send many equal ones.

    None is a time that was not sent: now. A text that is no time, or none that a sample may
    have, raises ValueError, OverflowError or msgspec.ValidationError.
    """

    def __init__(self, terms: Terms) -> None:
        super().__init__()
        self._now = Moment(terms.now, on_the_wire(terms.now))
        self._latest = terms.latest

    def __missing__(self, text: str | None) -> Moment:
        moment = self._now if text is None else self._read(text)
        if len(self) >= MOST_MOMENTS:
            self.clear()
        self[text] = moment
        return moment

    def _read(self, text: str) -> Moment:
        sent = as_read(text)
        utc = in_utc(sent)
        if not EPOCH <= utc <= self._latest:
            raise ValueError(text)
        return Moment(utc, sent.isoformat())


def as_read(text: str) -> datetime:
    """The ISO 8601 time that the text names. Raises msgspec.ValidationError."""
    return msgspec.convert(text, datetime)


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; a time without an offset is taken for UTC."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


encode_messages = msgspec.json.Encoder().encode
