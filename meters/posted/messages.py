"""An entry of a posted list, as decoded and as answered, and the terms it is read under."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeAlias
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from meters.samples import MAX_VOLUME, Kind
from telemetry_site.core.clock import EPOCH
from telemetry_site.core.errors import InvalidInput

# Two of these texts stand in one index entry, which PostgreSQL bounds at 2,700 bytes.
LONGEST_TEXT = 255
TOO_LONG = f"It must be at most {LONGEST_TEXT} characters long, without NUL"
FARTHEST_AHEAD = timedelta(days=3653)
NAIVE_EPOCH = EPOCH.replace(tzinfo=None)
NO_METADATA = Raw(b"{}")

Text: TypeAlias = Annotated[str, Meta(max_length=LONGEST_TEXT)]
Volume: TypeAlias = Annotated[float, Meta(ge=-MAX_VOLUME, le=MAX_VOLUME)]


class Message(Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A posted sample with all that can be checked without knowing who posts it and when.

    The fields and their order are the wire's. Times are naive (meaning UTC) or have an offset;
    `resource_metadata` is the JSON of an object, not looked into.
    """

    source: Text | None = None
    counter_name: Text
    counter_type: Kind
    counter_unit: Text | None
    counter_volume: Volume | None
    user_id: Text | None = None
    project_id: Text | None = None
    resource_id: Text
    timestamp: datetime | None = None
    recorded_at: datetime | UnsetType | None = UNSET
    resource_metadata: Raw = NO_METADATA
    message_id: str | None = None


class Reply(Struct, gc=False):
    """What is answered about one stored sample; `recorded_at` only where it was sent."""

    source: str
    counter_name: str
    counter_type: str
    counter_unit: str | None
    counter_volume: float | None
    user_id: str | None
    project_id: str | None
    resource_id: str
    timestamp: datetime | str
    recorded_at: datetime | str | UnsetType | None
    resource_metadata: Raw
    message_id: UUID


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


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; a time without an offset is taken for UTC."""
    if moment.tzinfo is None:
        return EPOCH + (moment - NAIVE_EPOCH)  # fifteen times as fast as replace(tzinfo=UTC)
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


encode_replies = msgspec.json.Encoder().encode
