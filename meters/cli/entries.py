"""Entries of a file as samples, under one of two sets of rules: as sent, or as moved."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Raw, Struct

from meters.ids import derived_id, fresh_ids
from meters.posted import careful
from meters.posted.fields import missing, shown
from meters.posted.messages import NO_METADATA, Message, Moments, Terms, Text, Volume
from meters.posted.metadata import MetadataCache, known_metadata, stored_metadata
from meters.samples import Kind, Sample
from telemetry_site.core.errors import BadRequest, InvalidInput

# Equal entries are told apart by counting them; so many distinct ones are remembered.
REMEMBERED = 200_000
# What an entry raises that is not of the usual form.
UNUSUAL = (msgspec.MsgspecError, ValueError, OverflowError, RecursionError)

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Rules:
    """All in which the two kinds of files differ.

    `metadata` reads it. With `moved`, an entry is a sample as a store holds it: its source and
    `recorded_at` stay as they are, and its timestamp must be there, so that it is the same
    sample whenever it is read. Without, a source that is missing is `source`, told with the
    project, and a time that is missing is the present.
    """

    metadata: MetadataCache
    moved: bool
    source: str = ""


MOVED = Rules(stored_metadata, moved=True)


def sent(source: str) -> Rules:
    """The rules of a posted sample."""
    return Rules(known_metadata, moved=False, source=source)


class Entry(Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A posted message whose id is a UUID."""

    source: Text | None = None
    counter_name: Text
    counter_type: Kind
    counter_unit: Text | None
    counter_volume: Volume | None
    user_id: Text | None = None
    project_id: Text | None = None
    resource_id: Text
    timestamp: str | None = None
    recorded_at: str | None = None
    resource_metadata: Raw = NO_METADATA
    message_id: UUID | None = None


class Occurrences:
    """How often each content came; past a bound, those seen first are forgotten first."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._counts: dict[bytes, int] = {}

    def count(self, content: bytes) -> int:
        """The number of this occurrence, from 1."""
        key = blake2b(content, digest_size=8).digest()
        number = self._counts[key] = self._counts.get(key, 0) + 1
        if len(self._counts) > self._remembered:
            del self._counts[next(iter(self._counts))]
        return number


class Sampler:
    """Makes samples of entries.

    An entry may carry its `message_id`. One that carries a timestamp alone gets an id made from
    its content and from how often that content came before, so that the same entries, read
    again, are the same samples. One without either is a new sample of the present moment.
    """

    def __init__(self, rules: Rules, now: datetime) -> None:
        self._rules = rules
        self._now = now
        self._moments = Moments(self._terms(""))
        self._occurrences = Occurrences()

    def sample(self, entry: Entry) -> Sample:
        """The sample. Raises one of UNUSUAL for what `careful` has to look at."""
        rules, recorded = self._rules, None
        if rules.moved:
            recorded = self._stored_times(entry)
        elif not entry.source:
            entry.source = f"{entry.project_id}:{rules.source}"
        metadata = rules.metadata[bytes(entry.resource_metadata)].nested
        moment = self._moments[entry.timestamp].utc
        return Sample(
            entry.counter_name,
            entry.counter_type,
            entry.counter_unit,
            entry.counter_volume,
            entry.resource_id,
            entry.project_id,
            entry.user_id,
            entry.source,
            moment,
            entry.message_id or self._own_id(entry, moment, metadata),
            metadata,
            recorded,
        )

    def _stored_times(self, entry: Entry) -> datetime | None:
        if entry.timestamp is None:
            raise ValueError("timestamp")
        recorded = entry.recorded_at
        return None if recorded is None else self._moments[recorded].utc

    def _own_id(self, entry: Entry, moment: datetime, metadata: bytes) -> UUID:
        if entry.timestamp is None:
            return fresh_ids(1, self._now)[0]
        content = b"\n".join((_encode(_without_form(entry)), metadata, str(moment).encode()))
        return derived_id("line", content.decode(), str(self._occurrences.count(content)))

    def careful(self, fields: dict[str, Any]) -> Sample:
        """The sample of any entry, decoded. Raises BadRequest in the words of the API."""
        fields = dict(fields)
        message_id = fields.pop("message_id", None)
        if message_id is not None and not isinstance(message_id, str):
            raise BadRequest("The message_id must be a text.")
        metadata = fields.pop("resource_metadata", None) if self._rules.moved else None
        for name in ("counter_name", "timestamp") if self._rules.moved else ("counter_name",):
            if fields.get(name) is None:
                raise missing(name)
        body = json.dumps([fields]).encode()
        message = careful.read(body, self._terms(fields["counter_name"]))[0]
        entry = _entry(message, text_id(message_id) if message_id else None)
        if metadata is not None:
            entry.resource_metadata = self._metadata(metadata)
        return self.sample(entry)

    def _metadata(self, value: Any) -> Raw:
        """The value, if it can be kept. Raises BadRequest."""
        text = json.dumps(value).encode()
        try:
            self._rules.metadata[text]
        except (msgspec.MsgspecError, RecursionError):
            why = "It must be a JSON object of finite numbers and Unicode text"
            raise InvalidInput("resource_metadata", shown(value), why) from None
        except ValueError as error:
            raise InvalidInput("resource_metadata", shown(value), str(error)) from None
        return Raw(text)

    def _terms(self, meter: str) -> Terms:
        return Terms(meter, None, None, None, self._rules.source, self._now)


def _entry(message: Message, message_id: UUID | None) -> Entry:
    return Entry(
        source=message.source,
        counter_name=message.counter_name,
        counter_type=message.counter_type,
        counter_unit=message.counter_unit,
        counter_volume=message.counter_volume,
        user_id=message.user_id,
        project_id=message.project_id,
        resource_id=message.resource_id,
        timestamp=message.timestamp,
        recorded_at=None if message.recorded_at is UNSET else message.recorded_at,
        resource_metadata=message.resource_metadata,
        message_id=message_id,
    )


def _without_form(entry: Entry) -> list[object]:
    """What a sample is, but for its metadata and time, whose spelling does not matter."""
    return [
        entry.source,
        entry.counter_name,
        entry.counter_type,
        entry.counter_unit,
        entry.counter_volume,
        entry.user_id,
        entry.project_id,
        entry.resource_id,
    ]


def text_id(text: str) -> UUID:
    """The id a text names: its own where it is a UUID, else one made from it."""
    try:
        return UUID(text)
    except ValueError:
        return derived_id("message", text)
