"""HTTP sessions of publishers: made of an address, with errors that say whether to try again."""

import os
from collections.abc import Collection, Mapping
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
    the environment are not looked at. Of the statuses from 300 to 499 those in `again` are worth
    a retry. Raises BadAddress.
    """

    def __init__(
        self,
        address: Address,
        scheme: str,
        usual_timeout: float = 5.0,
        usual_port: int | None = None,
        again: Collection[int] = WORTH_A_RETRY,
    ) -> None:
        if not address.host:
            raise BadAddress(f"{address}: a host is needed")
        self._label = str(address)
        self._again = again
        self._timeout = address.option("timeout", seconds, usual_timeout)
        self._retries = address.option("max_retries", whole, 2)
        self._verify: bool | str = address.option("verify_ssl", _verify, True)
        certificate = address.option("clientcert", str, "")
        key = address.option("clientkey", str, "")
        self._certificate = (certificate, key) if key else certificate or None
        self._user = (address.username or "", address.password or "") if address.username else None
        host = f"[{address.host}]" if ":" in address.host else address.host
        number = address.port or usual_port
        port = f":{number}" if number else ""
        query = f"?{address.query}" if address.query else ""
        self._base = f"{scheme}://{host}{port}"
        self.target = f"{self._base}{address.path}{query}"
        self._open: requests.Session | None = None

    def post(
        self, body: bytes, headers: Mapping[str, str], path: str | None = None
    ) -> requests.Response:
        """The answer, whose status is below 300. Raises PublishError."""
        answer = self.exchange("POST", body, headers, path)
        if answer.status_code < 300:
            return answer
        said = " ".join(answer.text[:SHOWN_OF_ANSWER].split())
        raise PublishError(
            self.why(answer, said), permanent=refuses(answer.status_code, self._again)
        )

    def exchange(
        self,
        method: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        path: str | None = None,
    ) -> requests.Response:
        """The answer, whatever it is, to a request that holds the body. Raises PublishError."""
        target = self.target if path is None else f"{self._base}{path}"
        try:
            return self._session().request(
                method, target, data=body, headers=headers, timeout=self._timeout,
                allow_redirects=False,
            )  # fmt: skip
        except (requests.RequestException, OSError) as error:
            raise PublishError(f"{self._label} cannot be reached: {reason(error)}") from error

    def why(self, answer: requests.Response, said: str) -> str:
        """The sentence about an answer that is no success."""
        return f"{self._label} answered {answer.status_code}" + (f": {said}" if said else "")

    def close(self) -> None:
        """Give the connections back."""
        if self._open is not None:
            self._open.close()
            self._open = None

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


def refuses(status: int, again: Collection[int] = WORTH_A_RETRY) -> bool:
    """Whether to send the same again would be of no use."""
    return 300 <= status < 500 and status not in again


def _verify(text: str) -> Any:
    """A word for yes or no, else a file or folder of certificates."""
    if text.lower() in (*TRUE, *FALSE):
        return truth(text)
    if not os.path.exists(text):  # noqa: PTH110 - it may be a folder or a file
        raise ValueError("it must be yes, no, or a file of certificates that is there")
    return text


def reason(error: Exception) -> str:
    """The innermost reason, without addresses of objects."""
    while error.__cause__ is not None or error.__context__ is not None:
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
    return " ".join(str(error).split())[:SHOWN_OF_ANSWER] or type(error).__name__
