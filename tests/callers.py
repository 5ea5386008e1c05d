"""Three callers of the API, and a client that speaks for them and reads what comes back."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import StreamingHttpResponse
from django.test import Client

ADMIN = {"X-Roles": "admin", "X-Project-Id": "admin", "X-User-Id": "root"}
MEMBER = {"X-Roles": "member", "X-Project-Id": "p1", "X-User-Id": "u1"}
STRANGER = {"X-Roles": "member", "X-Project-Id": "p2", "X-User-Id": "u2"}

Fault = tuple[int, str, str]


class Api:
    """Requests with the identity headers of one of the three, an admin unless it is said."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def send(
        self,
        method: str,
        path: str,
        body: Any = b"",
        caller: Mapping[str, str] = ADMIN,
        **headers: str,
    ) -> Any:
        """The response; a body that is no bytes is sent as JSON."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method,
            path,
            body if isinstance(body, bytes) else json.dumps(body).encode(),
            content_type=named.pop("Content-Type", "application/json"),
            headers={**caller, **named},
        )

    def get(self, path: str, caller: Mapping[str, str] = ADMIN) -> Any:
        """What a GET that must succeed answers."""
        return _good(self.send("GET", path, caller=caller))

    def query(self, caller: Mapping[str, str] = ADMIN, **body: Any) -> Any:
        """What a complex query answers; its parts are written as JSON text, a text as it is."""
        return _good(self.send("POST", "/v2/query/samples", _texts(body), caller))

    def fault(self, path: str, caller: Mapping[str, str] = ADMIN) -> Fault:
        """Status, faultcode and faultstring of a GET that must fail."""
        return fault(self.send("GET", path, caller=caller))

    def query_fault(self, caller: Mapping[str, str] = ADMIN, **body: Any) -> Fault:
        """The same of a complex query."""
        return fault(self.send("POST", "/v2/query/samples", _texts(body), caller))


def _good(response: Any) -> Any:
    content = whole(response)
    assert response.status_code == 200, content
    assert response["Content-Type"] == "application/json; charset=UTF-8"
    return json.loads(content)


def _texts(body: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v if isinstance(v, str | int) else json.dumps(v) for k, v in body.items()}


def whole(response: Any) -> bytes:
    """All of the body, of a stream too."""
    if isinstance(response, StreamingHttpResponse):
        return b"".join(response)
    content: bytes = response.content
    return content


def fault(response: Any) -> Fault:
    """Status, faultcode and faultstring of a response of the first shape."""
    assert response["Content-Type"] == "application/json"
    body = json.loads(response.content)
    assert list(body) == ["error_message"]
    assert list(body["error_message"]) == ["faultcode", "faultstring", "debuginfo"]
    assert body["error_message"]["debuginfo"] is None
    return (
        response.status_code,
        body["error_message"]["faultcode"],
        body["error_message"]["faultstring"],
    )
