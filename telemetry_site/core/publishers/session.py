"""HTTP sessions of publishers: made of an address, with errors that say whether to try again."""

import os
from collections.abc import Callable, Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from telemetry_site.core.publishers.address import (
    FALSE,
    TRUE,
    Address,
    BadAddress,
    seconds,
    truth,
    whole,
)
from telemetry_site.core.publishers.publisher import PublishError

# A request that may be worth sending again although it was refused: RFC 9110, RFC 6585.
WORTH_A_RETRY = (408, 425, 429)
SHOWN_OF_ANSWER = 200


class Session:
    """Posts to one target over connections that are kept open.

    Options, taken out of the address: timeout (seconds, `usual` by default), max_retries (2, of
    connections that cannot be made), verify_ssl (a word for yes or no, or a file of certificates),
    clientcert and clientkey. A user and password are HTTP's basic ones. Proxies and passwords of
    the environment are not looked at. Raises BadAddress.
    """

    def __init__(self, address: Address, scheme: str, usual_timeout: float = 5.0) -> None:
        if not address.host:
            raise BadAddress(f"{address}: a host is needed")
        self._label = str(address)
        self._timeout = address.option("timeout", seconds, usual_timeout)
        self._retries = address.option("max_retries", whole, 2)
        self._verify: bool | str = address.option("verify_ssl", _verify, True)
        certificate = address.option("clientcert", str, "")
        key = address.option("clientkey", str, "")
        self._certificate = (certificate, key) if key else certificate or None
        self._user = (address.username or "", address.password or "") if address.username else None
        host = f"[{address.host}]" if ":" in address.host else address.host
        port = f":{address.port}" if address.port else ""
        query = f"?{address.query}" if address.query else ""
        self._base = f"{scheme}://{host}{port}"
        self.target = f"{self._base}{address.path}{query}"
        self._open: requests.Session | None = None

    def post(
        self, body: bytes, headers: Mapping[str, str], path: str | None = None
    ) -> requests.Response:
        """The answer, whose status is below 300. Raises PublishError."""
        target = self.target if path is None else f"{self._base}{path}"
        return self._sent(lambda session: session.post(target, data=body, **self._with(headers)))

    def close(self) -> None:
        """Give the connections back."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _with(self, headers: Mapping[str, str]) -> dict[str, Any]:
        return {"headers": headers, "timeout": self._timeout, "allow_redirects": False}

    def _sent(self, send: Callable[[requests.Session], requests.Response]) -> requests.Response:
        try:
            answer = send(self._session())
        except (requests.RequestException, OSError) as error:
            raise PublishError(f"{self._label} cannot be reached: {_reason(error)}") from error
        if answer.status_code < 300:
            return answer
        refused = 300 <= answer.status_code < 500 and answer.status_code not in WORTH_A_RETRY
        said = " ".join(answer.text[:SHOWN_OF_ANSWER].split())
        why = f"{self._label} answered {answer.status_code}" + (f": {said}" if said else "")
        raise PublishError(why, permanent=refused)

    def _session(self) -> requests.Session:
        if self._open is None:
            made = self._open = requests.Session()
            made.trust_env = False
            made.auth = self._user
            made.verify = self._verify
            made.cert = self._certificate
            adapter = HTTPAdapter(max_retries=self._retries)
            made.mount("http://", adapter)
            made.mount("https://", adapter)
        return self._open


def _verify(text: str) -> Any:
    """A word for yes or no, else a file or folder of certificates."""
    if text.lower() in (*TRUE, *FALSE):
        return truth(text)
    if not os.path.exists(text):  # noqa: PTH110 - it may be a folder or a file
        raise ValueError("it must be yes, no, or a file of certificates that is there")
    return text


def _reason(error: Exception) -> str:
    """The innermost reason, without addresses of objects."""
    while error.__cause__ is not None or error.__context__ is not None:
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
    return " ".join(str(error).split())[:SHOWN_OF_ANSWER] or type(error).__name__
