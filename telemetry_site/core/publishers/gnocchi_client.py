"""A Gnocchi, spoken to over HTTP: its address, its answers, and what it refuses."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import requests
from requests.auth import HTTPBasicAuth

from telemetry_site.core.publishers.address import (
    FALSE,
    TRUE,
    Address,
    BadAddress,
    seconds,
    truth,
)
from telemetry_site.core.publishers.publisher import PublishError

PORT = 8041
TIMEOUT = 6.05  # seconds, the original's
JSON, JSON_PATCH = "application/json", "application/json-patch+json"
LATER = (408, 425, 429)  # refused now, not for good
AT_ONCE = 200  # ids in one search; an answer holds at most 1,000 resources
LONGEST_MESSAGE = 300
TRUSTED: bool | str = True  # the certificates that most believe


class Refused(PublishError):
    """Gnocchi does not take what it was sent; `code` is the status of its answer."""

    def __init__(self, why: str, code: int, description: Any) -> None:
        super().__init__(why, permanent=True)
        self.code = code
        self._description = description

    @property
    def unknown_resources(self) -> list[str]:
        """The ids, as they were sent, of resources that measures came for too early."""
        if not isinstance(self._description, dict):
            return []
        if self._description.get("cause") != "Unknown resources":
            return []
        return [str(one["original_resource_id"]) for one in self._description["detail"]]


class Gnocchi:
    """Takes `ssl`, `timeout` (seconds) and `verify_ssl` out of the address.

    The user of the URL logs in as a Gnocchi without Keystone wants it (auth_mode = basic). Raises
    BadAddress; every method raises Refused for an answer from 400 to 499, PublishError for all
    else that is no success.
    """

    def __init__(self, address: Address) -> None:
        if not address.host:
            raise BadAddress(
                f"{address}: a host must be given until Keystone is supported: gnocchi://host:8041"
            )
        scheme = "https" if address.option("ssl", truth, False) else "http"
        host = f"[{address.host}]" if ":" in address.host else address.host
        self._url = f"{scheme}://{host}:{address.port or PORT}{address.path.rstrip('/')}/v1"
        self._timeout = address.option("timeout", seconds, TIMEOUT)
        self._verify: bool | str = address.option("verify_ssl", _trust, default=TRUSTED)
        self._login = _login(address)
        self._session: requests.Session | None = None

    def get(self, path: str) -> Any:
        """What is there."""
        return self._call("GET", path)

    def post(self, path: str, body: Any) -> Any:
        """Its answer to a body."""
        return self._call("POST", path, body)

    def patch(self, path: str, body: Any, media: str = JSON) -> Any:
        """The same, where something is changed."""
        return self._call("PATCH", path, body, media)

    def search(self, kind: str, query: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The first thousand resources of a type that the query finds."""
        found: list[dict[str, Any]] = self.post(
            f"/search/resource/{quote(kind, safe='')}?limit=1000", query
        )
        return found

    def resources(self, kind: str, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Those of the ids that there are of a type, by the ids they were made with and by UUID."""
        found: dict[str, dict[str, Any]] = {}
        for begin in range(0, len(ids), AT_ONCE):
            for one in self.search(kind, {"in": {"id": list(ids[begin : begin + AT_ONCE])}}):
                found[one["original_resource_id"]] = found[one["id"]] = one
        return found

    def close(self) -> None:
        """Let go of the connection; another is made when it is needed."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _call(self, method: str, path: str, body: Any = None, media: str = JSON) -> Any:
        data = None if body is None else msgspec.json.encode(body)
        try:
            answer = self._opened().request(
                method, self._url + path, data=data, headers={"Content-Type": media},
                timeout=self._timeout, verify=self._verify, allow_redirects=False,
            )  # fmt: skip
        except requests.Timeout as error:
            raise PublishError(f"{self._url} did not answer in {self._timeout:g} s.") from error
        except requests.exceptions.SSLError as error:
            raise PublishError(f"{self._url} has no certificate that is trusted.") from error
        except requests.RequestException as error:
            raise PublishError(f"{self._url} cannot be reached: {type(error).__name__}.") from error
        return self._read(answer, f"{method} {path[:80]}")

    def _read(self, answer: requests.Response, what: str) -> Any:
        content = _decoded(answer.content)
        if 200 <= answer.status_code < 300:
            return content
        description = content.get("description") if isinstance(content, dict) else None
        said = _sentence(description) or answer.reason or "nothing"
        why = f"{self._url} answered {what} with {answer.status_code}: {said[:LONGEST_MESSAGE]}"
        if 400 <= answer.status_code < 500 and answer.status_code not in LATER:
            raise Refused(why, answer.status_code, description)
        raise PublishError(why)

    def _opened(self) -> requests.Session:
        if self._session is None:
            self._session = requests.Session()
            self._session.trust_env = False
            self._session.auth = self._login
            self._session.headers["Accept"] = JSON
        return self._session


def resource_path(kind: str, id: str = "") -> str:
    """Where the resources of a type are, or one of them."""
    path = f"/resource/{quote(kind, safe='')}"
    return f"{path}/{quote(id, safe='')}" if id else path


def _login(address: Address) -> HTTPBasicAuth | None:
    if address.username is None:
        return None
    return HTTPBasicAuth(address.username.encode(), (address.password or "").encode())


def _trust(text: str) -> bool | str:
    """A word for yes or no, or the file of certificates to believe."""
    if text.lower() in (*TRUE, *FALSE):
        return truth(text)
    if not Path(text).exists():
        raise ValueError("it must be yes, no, or a file of certificates that exists")
    return text


def _decoded(content: bytes) -> Any:
    try:
        return msgspec.json.decode(content) if content else None
    except msgspec.DecodeError:
        return None


def _sentence(description: Any) -> str:
    """What Gnocchi says is wrong, in its own words."""
    if isinstance(description, dict):
        parts = (description.get("cause"), description.get("reason") or description.get("detail"))
        return ": ".join(str(part) for part in parts if part)
    return str(description) if description else ""
