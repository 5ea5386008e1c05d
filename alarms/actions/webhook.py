"""http:// and https://: a POST of the body, to addresses that may be called, within its time."""

import hashlib
import hmac
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import requests
import urllib3

from alarms.actions.action import ActionError, Call, one_line
from alarms.actions.line import Line, LineAdapter
from telemetry_site.core.publishers.address import FALSE, TRUE
from telemetry_site.core.publishers.session import reason, refuses

AGAIN: Final = (408, 429)
READ: Final = 65_536  # bytes of an answer
SHOWN: Final = 200  # characters of it
SSL_VERIFY: Final = ("aodh-alarm-ssl-verify", "ceilometer-alarm-ssl-verify")
FAULTS: Final = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)

# Whoever asks for unchecked certificates knows; there would be two lines in the log for each call.
urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)


class Webhook:
    """One POST. Redirects are not followed, proxies of the environment not used."""

    def __init__(self, telemetry: Mapping[str, Any]) -> None:
        self._telemetry = telemetry

    def run(self, call: Call) -> str:
        """See Action.run; 408, 429 and what begins with 5 are worth another try, as is silence."""
        request = _request(call, self._headers(call))
        line = Line(self._telemetry["ACTION_ALLOW"], self._telemetry["ACTION_TIMEOUT"])
        with line, closing(LineAdapter(line)) as adapter:
            try:
                answer = self._send(request, adapter)
            except FAULTS as error:
                raise _fault(error, line) from error
            with answer:
                if line.is_cut:  # what came of its head reads as if it were whole
                    raise line.late
                said = f"It answered {answer.status_code}{_body(answer)}"
        if 200 <= answer.status_code < 300:
            return said
        raise ActionError(
            said,
            permanent=refuses(answer.status_code, AGAIN),
            after=_retry_after(answer.headers.get("Retry-After", ""), call.now),
        )

    def _send(self, request: requests.PreparedRequest, adapter: LineAdapter) -> requests.Response:
        """By the adapter alone: a session would read the whole body of a redirect."""
        certificate = self._telemetry["ACTION_CLIENT_CERT"]
        key = self._telemetry["ACTION_CLIENT_KEY"]
        shown = (str(certificate), str(key)) if key else certificate and str(certificate)
        return adapter.send(
            request,
            stream=True,
            timeout=self._telemetry["ACTION_TIMEOUT"],
            verify=self._verify(str(request.url)),
            cert=shown,
        )

    def _headers(self, call: Call) -> dict[str, str]:
        named = {
            "content-type": "application/json",
            "x-openstack-request-id": f"req-{uuid4()}",
            "user-agent": "telemetry",
            "accept-encoding": "identity",
            "connection": "close",
            "X-Telemetry-Delivery": call.delivery_id,
            "X-Telemetry-Attempt": str(call.attempt),
        }
        secret = self._telemetry["ACTION_SECRET"]
        return {**named, **signature(call.body, secret, call.now)} if secret else named

    def _verify(self, url: str) -> bool | str:
        """False, or True for the usual authorities, or the file of ours."""
        pairs = parse_qsl(urlsplit(url).query)
        words = [value.lower() for name, value in pairs if name in SSL_VERIFY]
        verify: bool = self._telemetry["ACTION_VERIFY_TLS"]
        if words and words[-1] in (*TRUE, *FALSE):
            verify = words[-1] in TRUE
        authorities = self._telemetry["ACTION_CA_FILE"]
        return str(authorities) if verify and authorities else verify


def signature(body: bytes, secret: str, now: datetime) -> dict[str, str]:
    """The headers by which a receiver that knows the secret can tell that a body is ours, and new.

    What is signed are the seconds since 1970, a dot, and the body.
    """
    seconds = str(int(now.timestamp()))
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    return {
        "X-Telemetry-Timestamp": seconds,
        "X-Telemetry-Signature": f"v1={digest.hexdigest()}",
    }


def _request(call: Call, headers: Mapping[str, str]) -> requests.PreparedRequest:
    """An account in the address becomes HTTP's basic authentication."""
    try:
        return requests.Request("POST", call.action, headers=headers, data=call.body).prepare()
    except (requests.RequestException, ValueError) as error:
        raise ActionError("The address cannot be called.", permanent=True) from error


def _fault(error: Exception, line: Line) -> ActionError:
    timeout = isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError)
    return line.late if line.is_cut or timeout else ActionError(f"It failed: {reason(error)}")


def _body(answer: requests.Response) -> str:
    """How it begins; where it breaks off, it is the status that counts."""
    found = b""
    with suppress(*FAULTS):
        found = answer.raw.read(READ, decode_content=False)
    said = one_line(found[: 4 * SHOWN].decode(errors="replace"))[:SHOWN]
    return f": {said}" if said else ""


def _retry_after(text: str, now: datetime) -> timedelta:
    """Seconds or a date, RFC 9110."""
    with suppress(ValueError, TypeError, OverflowError):
        if text.isdigit():
            return timedelta(seconds=int(text))
        return max(parsedate_to_datetime(text) - now, timedelta(0))
    return timedelta(0)
