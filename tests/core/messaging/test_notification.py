"""Notifications are decoded from both forms of the wire, and what is none is told why."""

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry_site.core.messaging.cleaning import DEEPEST
from telemetry_site.core.messaging.notification import Notification, Undecodable, as_uuid, decode

ID = "0b8a9a4c-5f0e-4f0e-9a52-6a3cf1e0a111"


def wire(**changes: Any) -> dict[str, Any]:
    """A notification as a service writes it; None leaves a key out."""
    found = {
        "message_id": ID,
        "publisher_id": "compute.host-7",
        "event_type": "compute.instance.exists",
        "priority": "INFO",
        "payload": {"instance_id": "i-1", "memory_mb": 512},
        "timestamp": "2026-03-04 05:06:07.000008",
        "_context_project_id": "p-1",
        "_context_user_id": "u-1",
        "_unique_id": "f" * 32,
    } | changes
    return {key: value for key, value in found.items() if value is not None}


def envelope(inner: Any, version: str = "2.0") -> bytes:
    return json.dumps({"oslo.version": version, "oslo.message": json.dumps(inner)}).encode()


@pytest.mark.parametrize("body", [json.dumps(wire()).encode(), envelope(wire())])
def test_both_forms_are_read(body: bytes) -> None:
    assert decode(body) == Notification(
        UUID(ID),
        {
            "ctxt": {"project_id": "p-1", "user_id": "u-1"},
            "publisher_id": "compute.host-7",
            "event_type": "compute.instance.exists",
            "payload": {"instance_id": "i-1", "memory_mb": 512},
            "metadata": {"message_id": ID, "timestamp": "2026-03-04 05:06:07.000008"},
            "priority": "info",
        },
    )


def test_the_priority_may_come_from_the_queue() -> None:
    assert decode(json.dumps(wire(priority=None)).encode(), "audit").priority == "audit"


def test_payloads_may_be_anything() -> None:
    for payload in ([1], "x", 5, False):
        assert decode(json.dumps(wire(payload=payload)).encode()).payload == payload
    assert decode(json.dumps(wire(payload=None)).encode()).payload is None


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b"{", "cannot be read"),
        (b"[]", "no JSON object"),
        (b'"text"', "no JSON object"),
        (b"{}", "no message_id"),
        (json.dumps(wire(event_type=None)).encode(), "no event_type"),
        (json.dumps(wire(event_type="")).encode(), "no event_type"),
        (json.dumps(wire(message_id=7)).encode(), "message_id is no text"),
        (json.dumps(wire(publisher_id=["x"])).encode(), "publisher_id is no text"),
        (json.dumps(wire(timestamp=12)).encode(), "timestamp is no text"),
        (json.dumps(wire(event_type="x" * 256)).encode(), "longer than 255"),
        (json.dumps(wire(priority="shout")).encode(), "priority shout"),
        (envelope(wire(), "3.0"), "version 3.0"),
        (envelope(wire(), "2.1"), "version 2.1"),
        (json.dumps({"oslo.version": "2.0", "oslo.message": wire()}).encode(), "no text"),
        (json.dumps({"oslo.version": "2.0", "oslo.message": "{"}).encode(), "cannot be read"),
        (envelope([]), "no JSON object"),
        (b"[" * 200_000, "cannot be read"),
        (b'{"a":' * 200_000, "cannot be read"),
    ],
)
def test_what_is_none_is_told_why(body: bytes, why: str) -> None:
    with pytest.raises(Undecodable, match=why):
        decode(body)


def nested(depth: int) -> Any:
    found: Any = 1
    for _ in range(depth):
        found = [found]
    return found


def test_what_no_database_takes_is_replaced() -> None:
    payload = {"nul": "a\0b", "half \ud800": "\udfff", "digits": 10**30, "nan": float("nan")}
    for body in (json.dumps(wire(payload=payload)).encode(), envelope(wire(payload=payload))):
        assert decode(body).payload == {
            "nul": "a\N{REPLACEMENT CHARACTER}b",
            "half \N{REPLACEMENT CHARACTER}": "\N{REPLACEMENT CHARACTER}",
            "digits": 1e30,
            "nan": None,
        }


def test_depth_and_size_of_numbers_are_bounded() -> None:
    # The payload lies two levels below the body.
    deep = nested(DEEPEST - 1)
    assert decode(json.dumps(wire(payload=deep)).encode()).payload == deep
    with pytest.raises(Undecodable, match="levels deep"):
        decode(json.dumps(wire(payload=nested(DEEPEST))).encode())
    with pytest.raises(Undecodable):
        decode(json.dumps(wire(payload={"n": "N"})).replace('"N"', "9" * 400).encode())


def test_whole_characters_stay_as_they_are() -> None:
    text = "\N{GRINNING FACE} \\u0000"
    assert decode(envelope(wire(payload={"x": text}))).payload == {"x": text}


def test_ids_that_are_no_uuid_get_one_of_their_own() -> None:
    assert as_uuid("req-1") == as_uuid("req-1") != as_uuid("req-2")
    assert as_uuid(ID.upper()) == UUID(ID)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
KEYS = st.sampled_from([*wire(), "oslo.version", "oslo.message", "other"])


@given(st.dictionaries(KEYS, JSON) | JSON | st.dictionaries(KEYS, JSON).map(lambda d: wire() | d))
def test_any_json_is_a_notification_or_refused(content: Any) -> None:
    for body in (json.dumps(content).encode(), envelope(content)):
        try:
            found = decode(body)
        except Undecodable:
            continue
        json.dumps(found.message, allow_nan=False).encode()


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_words(body: bytes) -> None:
    with pytest.raises(Undecodable):
        decode(body)
