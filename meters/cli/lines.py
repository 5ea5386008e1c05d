"""Lines of JSON as samples: one object on each line."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from meters.cli.entries import UNUSUAL, Entry, Sampler
from meters.samples import Sample
from telemetry_site.core.errors import BadRequest, TelemetryError

_decode = msgspec.json.Decoder(Entry).decode


class BadLine(TelemetryError):
    """A line that is no sample; `number` counts from 1."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(f"Line {number}: {why}")
        self.number = number


class LineReader:
    """Makes samples of lines of JSON."""

    def __init__(self, sampler: Sampler) -> None:
        self._sampler = sampler

    def samples(self, lines: Iterable[bytes]) -> Iterator[tuple[int, Sample]]:
        """Each sample with the number of its line; empty lines are passed over. Raises BadLine."""
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, self._sample(number, line)

    def _sample(self, number: int, line: bytes) -> Sample:
        # A NUL can only be written like this, and what looks like one may be none.
        if b"\\" not in line or b"\\u0000" not in line:
            try:
                return self._sampler.sample(_decode(line))
            except UNUSUAL:
                pass
        try:
            return self._sampler.careful(_fields(line))
        except BadRequest as error:
            raise BadLine(number, str(error)) from error


def _fields(line: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        raise BadRequest("It is not valid JSON.") from None
    if not isinstance(fields, dict):
        raise BadRequest("It is no JSON object.")
    return fields
