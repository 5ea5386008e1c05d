"""A Gnocchi, spoken to over HTTP: its address, its answers, and what it refuses."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

import msgspec
import requests

from telemetry_site.core.publishers.address import Address, BadAddress, truth
from telemetry_site.core.publishers.publisher import PublishError
from telemetry_site.core.publishers.session import SHOWN_OF_ANSWER, Session, refuses

PORT = 8041
TIMEOUT = 6.05  # seconds, the original's
JSON, JSON_PATCH = "application/json", "application/json-patch+json"
HEADERS: Final = {"Accept": JSON}  # else what it says is a page for people
SHOWN_OF_PATH = 80
AT_ONCE = 200  # ids in one search; an answer holds at most 1,000 resources


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
    """Takes `ssl` and the options of Session out of the address.

    The user of the URL logs in as a Gnocchi without Keystone wants it (auth_mode = basic). Raises
    BadAddress; every method raises Refused for what it would be of no use to send again, and
    PublishError for all else that is no success.
    """

    def __init__(self, address: Address) -> None:
        if not address.host:
            raise BadAddress(
                f"{address}: a host must be given until Keystone is supported: gnocchi://host:8041"
            )
        scheme = "https" if address.option("ssl", truth, False) else "http"
        self._session = Session(address, scheme, TIMEOUT, PORT)
        self._root = f"{address.path.rstrip('/')}/v1"

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
        self._session.close()

    def _call(self, method: str, path: str, body: Any = None, media: str = JSON) -> Any:
        data = None if body is None else msgspec.json.encode(body)
        headers = {**HEADERS, "Content-Type": media}
        answer = self._session.exchange(method, data, headers, f"{self._root}{path}")
        content = _decoded(answer)
        if answer.status_code < 300:
            return content
        description = content.get("description") if isinstance(content, dict) else None
        said = (_sentence(description) or answer.reason or "")[:SHOWN_OF_ANSWER]
        why = f"{self._session.why(answer, said)} ({method} {path[:SHOWN_OF_PATH]})."
        if refuses(answer.status_code):
            raise Refused(why, answer.status_code, description)
        raise PublishError(why)


def resource_path(kind: str, id: str = "") -> str:
    """Where the resources of a type are, or one of them."""
    path = f"/resource/{quote(kind, safe='')}"
    return f"{path}/{quote(id, safe='')}" if id else path


def _decoded(answer: requests.Response) -> Any:
    """What it says in JSON; null where it says nothing, or something else."""
    try:
        return msgspec.json.decode(answer.content) if answer.content else None
    except msgspec.DecodeError:
        return None


def _sentence(description: Any) -> str:
    """What Gnocchi says is wrong, in its own words."""
    if isinstance(description, dict):
        parts = (description.get("cause"), description.get("reason") or description.get("detail"))
        return ": ".join(str(part) for part in parts if part)
    return str(description) if description else ""
