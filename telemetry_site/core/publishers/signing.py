"""Signatures of the messages that the original's services send to each other."""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

Form = Literal["current", "older"]
CURRENT: Final = "current"
OLDER: Final = "older"
SIGNATURE = "message_signature"


def signature(message: Mapping[str, Any], secret: str, form: Form = CURRENT) -> str:
    """HMAC-SHA256 in hex over all names and values, in the order of names; empty without a secret.

    A value is what Python's str makes of it, so sign what will be sent: 1 and 1.0 differ. The two
    forms differ in lists: texts in them are printed as bytes in the current one.
    """
    if not secret:
        return ""
    digest = hmac.new(secret.encode(), digestmod=hashlib.sha256)
    for name, value in _flat(message):
        if name != SIGNATURE:
            digest.update(name.encode("utf-8", "surrogateescape"))
            printed = str(_normal(value, form) if isinstance(value, list | tuple) else value)
            digest.update(printed.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def signed(message: Mapping[str, Any], secret: str, form: Form = CURRENT) -> dict[str, Any]:
    """The message with its signature."""
    return {**message, SIGNATURE: signature(message, secret, form)}


def verified(message: Mapping[str, Any], secret: str) -> bool:
    """Whether the signature is right, in either form; without a secret it always is."""
    if not secret:
        return True
    given = message.get(SIGNATURE)
    found = given.encode() if isinstance(given, str) else b""
    forms: tuple[Form, ...] = (CURRENT, OLDER)
    return any(
        hmac.compare_digest(signature(message, secret, form).encode(), found) for form in forms
    )


def _flat(message: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Names and values that are no objects; names within an object follow its own and a colon."""
    for name in sorted(message):
        value = message[name]
        if isinstance(value, Mapping):
            yield from ((f"{name}:{inner}", leaf) for inner, leaf in _flat(value))
        else:
            yield name, value


def _normal(value: Any, form: Form) -> Any:
    """What is printed of a value that is in a list."""
    if isinstance(value, Mapping):
        return {_text(key, form): _normal(value[key], form) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [_normal(one, form) for one in value]
    return _text(value, form)


def _text(value: Any, form: Form) -> Any:
    return value.encode() if form == CURRENT and isinstance(value, str) else value
