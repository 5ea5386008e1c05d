"""Signatures, against the original's vector and sums made by hand."""

import hashlib
import hmac

import pytest

from telemetry_site.core.publishers.signing import CURRENT, OLDER, signature, signed, verified

MESSAGE = {"a": 1, "d": {"b": True, "z": None}, "f": 1.0, "l": ["x", 1, {"k": "v"}]}
VECTORS = {
    CURRENT: "9fbbb4330d7c6eb2e207e90d3e78d4a988df9a38ae1bd2174b2ca6b297673efe",
    OLDER: "1bf815b7d55fa14472919c8908228d4bc069def1b7d0d18e1abf64995690c70c",
}


def test_the_vector() -> None:
    assert signature(MESSAGE, "secret", CURRENT) == VECTORS[CURRENT]
    assert signature(MESSAGE, "secret", OLDER) == VECTORS[OLDER]


def test_names_are_sorted_at_each_level_and_joined() -> None:
    message = {"b": {"f": None, "c": "d"}, "a": 1.5}
    content = b"a1.5" + b"b:cd" + b"b:fNone"
    assert signature(message, "k") == hmac.new(b"k", content, hashlib.sha256).hexdigest()


def test_either_form_verifies() -> None:
    for form in VECTORS.values():
        assert verified({**MESSAGE, "message_signature": form}, "secret")


@pytest.mark.parametrize("given", [None, "", 5, "0" * 64])
def test_what_does_not_verify(given: object) -> None:
    assert not verified({**MESSAGE, "message_signature": given}, "secret")
    assert not verified(MESSAGE, "secret")


def test_a_change_is_seen() -> None:
    message = signed(MESSAGE, "secret")
    assert verified(message, "secret")
    assert not verified({**message, "a": 1.0}, "secret")
    assert not verified(message, "other")


def test_without_a_secret_nothing_is_signed_and_all_verifies() -> None:
    assert signed(MESSAGE, "")["message_signature"] == ""
    assert verified(MESSAGE, "")
