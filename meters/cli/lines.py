"""Lines of JSON as samples: the fields of a posted sample, one object on each line."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

import msgspec

from meters.ids import derived_id, fresh_ids
from meters.posted import careful
from meters.posted.completion import sample_of
from meters.posted.fields import missing
from meters.posted.messages import Message, Moments, Terms
from meters.posted.metadata import known_metadata
from meters.samples import Sample
from telemetry_site.core.errors import BadRequest, TelemetryError

# Equal lines are told apart by counting them; so many distinct lines are remembered.
REMEMBERED = 200_000

_decode = msgspec.json.Decoder(Message).decode
_encode = msgspec.json.Encoder().encode


class BadLine(TelemetryError):
    """A line that is no sample; `number` counts from 1."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(f"Line {number}: {why}")
        self.number = number


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


class LineReader:
    """Makes samples of lines.

    A line may carry its `message_id`. One that carries a timestamp alone gets an id made from
    its content and from how often that content came before, so that the same lines, sent again,
    are the same samples. One without either is a new sample of the present moment.
    """

    def __init__(self, source: str, now: datetime) -> None:
        self._source = source
        self._now = now
        self._moments = Moments(self._terms(""))
        self._occurrences = Occurrences()

    def samples(self, lines: Iterable[bytes]) -> Iterator[tuple[int, Sample]]:
        """Each sample with the number of its line; empty lines are passed over. Raises BadLine."""
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, self._sample(number, line)

    def _sample(self, number: int, line: bytes) -> Sample:
        message = self._fast(line)
        try:
            message = message or self._careful(line)
        except BadRequest as error:
            raise BadLine(number, str(error)) from error
        metadata = known_metadata[bytes(message.resource_metadata)].nested
        moment = self._moments[message.timestamp].utc
        message.source = message.source or f"{message.project_id}:{self._source}"
        given = message.message_id
        message_id = text_id(given) if given else self._own_id(message, moment, metadata)
        return sample_of(message, moment, message_id, metadata)

    def _own_id(self, message: Message, moment: datetime, metadata: bytes) -> UUID:
        if message.timestamp is None:
            return fresh_ids(1, self._now)[0]
        content = b"\n".join((_encode(_without_form(message)), metadata, str(moment).encode()))
        return derived_id("line", content.decode(), str(self._occurrences.count(content)))

    def _fast(self, line: bytes) -> Message | None:
        """The message of a line in the usual form, else None."""
        if b"\\u0000" in line:
            return None
        try:
            message = _decode(line)
            known_metadata[bytes(message.resource_metadata)]
            self._moments[message.timestamp]
        except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):
            return None
        return message

    def _careful(self, line: bytes) -> Message:
        """The message of any line. Raises BadRequest in the words of the API."""
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            raise BadRequest("It is not valid JSON.") from None
        if not isinstance(entry, dict):
            raise BadRequest("It is no JSON object.")
        message_id = entry.pop("message_id", None)
        if message_id is not None and not isinstance(message_id, str):
            raise BadRequest("The message_id must be a text.")
        if entry.get("counter_name") is None:
            raise missing("counter_name")
        body = json.dumps([entry]).encode()
        message = careful.read(body, self._terms(entry["counter_name"]))[0]
        message.message_id = message_id
        return message

    def _terms(self, meter: str) -> Terms:
        return Terms(meter, None, None, None, self._source, self._now)


def _without_form(message: Message) -> list[object]:
    """What a sample is, but for its metadata and time, whose spelling does not matter."""
    return [
        message.source,
        message.counter_name,
        message.counter_type,
        message.counter_unit,
        message.counter_volume,
        message.user_id,
        message.project_id,
        message.resource_id,
    ]


def text_id(text: str) -> UUID:
    """The id a text names: its own where it is a UUID, else one made from it."""
    try:
        return UUID(text)
    except ValueError:
        return derived_id("message", text)
