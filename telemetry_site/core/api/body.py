"""The body of a request: its size, its kind, and the JSON in it."""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request

from telemetry_site.core.errors import BadRequest, TooLarge, UnsupportedMediaType

# A form is what curl says of any -d; the original took it too.
READ = frozenset(("application/json", "application/x-www-form-urlencoded", ""))


def body_of(request: HttpRequest | Request, kinds: Sequence[str] = ()) -> bytes:
    """The bytes of a JSON body, to be asked for once. Raises TooLarge, UnsupportedMediaType.

    `kinds` are media types that are JSON too.

    `request.body` would keep them until the garbage collector finds the request, which is part
    of a cycle.
    """
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in READ and kind not in kinds:
        raise UnsupportedMediaType(kind)
    limit = settings.TELEMETRY["MAX_BODY"]
    length = request.META.get("CONTENT_LENGTH") or ""
    if length.isdecimal() and int(length) > limit:
        raise _too_large(limit)
    if length or not request.META.get("wsgi.input_terminated"):
        body: bytes = request.read()
        return body
    return _chunked(request, limit)


def _chunked(request: HttpRequest | Request, limit: int) -> bytes:
    """A body that comes without a length, which Django takes for none."""
    body: bytes = request.META["wsgi.input"].read(limit + 1)
    if len(body) > limit:
        raise _too_large(limit)
    return body


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"The body is larger than the {limit} bytes that are taken at once")


def json_of(body: bytes) -> Any:
    """What the JSON says. Raises BadRequest."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadRequest("Request is not in valid JSON format") from error
