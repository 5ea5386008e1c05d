"""Lists as JSON; a long one is sent while it is read."""

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

import msgspec
from django.http.response import HttpResponseBase

from telemetry_site.core.api.view import json_answer, json_stream

STREAMED_FROM = 10_000
CHUNK = 1_000

encode = msgspec.json.Encoder().encode


def json_list(entries: Iterator[Any], limit: int | None) -> HttpResponseBase:
    """A list of at most so many entries as an answer."""
    if limit is None or limit > STREAMED_FROM:
        return json_stream(in_chunks(entries))
    return json_answer(encode(list(entries)))


def in_chunks(entries: Iterator[Any]) -> Iterator[bytes]:
    """A JSON list of the entries in pieces; the first is made at once and may still fail."""
    first = list(islice(entries, CHUNK))
    return chain([b"[" + encode(first)[1:-1]], _more(entries), [b"]"])


def _more(entries: Iterator[Any]) -> Iterator[bytes]:
    while chunk := list(islice(entries, CHUNK)):
        yield b"," + encode(chunk)[1:-1]
