"""Who is let in by the application that a server calls."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pytest
from pytest_django import Settings

from telemetry_site.wsgi import guarded

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def inner(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    start_response("200 OK", [])
    return [b"in"]


def status(peer: str) -> str:
    """The status of the answer to somebody at that address."""
    seen: list[str] = []

    def start_response(status: str, *rest: object) -> Any:
        seen.append(status)

    list(guarded(inner)({"REMOTE_ADDR": peer}, start_response))
    return seen[0]


@pytest.mark.parametrize(
    ("auth", "anywhere", "peer", "expected"),
    [
        ("noauth", False, "127.0.0.1", "200 OK"),
        ("noauth", False, "::1", "200 OK"),
        ("noauth", False, "", "200 OK"),
        ("noauth", False, "192.0.2.7", "403 Forbidden"),
        ("noauth", True, "192.0.2.7", "200 OK"),
        ("local", False, "192.0.2.7", "200 OK"),
    ],
)
def test_strangers_cannot_say_who_they_are(
    settings: Settings, auth: str, anywhere: bool, peer: str, expected: str
) -> None:
    settings.TELEMETRY = {**settings.TELEMETRY, "AUTH": auth, "NOAUTH_ANYWHERE": anywhere}
    assert status(peer) == expected
