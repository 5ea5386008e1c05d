"""Reads a posted list at full speed, as far as it is of the usual form."""

import msgspec

from meters.posted.messages import Message

_decode = msgspec.json.Decoder(list[Message]).decode


class Unusual(ValueError):
    """It may be in order, or not: the careful reader has to tell."""


def read(body: bytes) -> list[Message]:
    """The messages, unchecked where Message does not check.

    Raises Unusual, msgspec.MsgspecError, UnicodeDecodeError or RecursionError.
    """
    # A NUL can only be written like this, and what looks like one may be none.
    if b"\\" in body and b"\\u0000" in body:
        raise Unusual
    messages = _decode(body)
    if not messages:
        raise Unusual
    return messages
