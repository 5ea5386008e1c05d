"""Any exception of an API view as the answer that Ceilometer's clients read.

What a controller refuses has a faultcode and a faultstring; what routing and policy refuse is a
plain string, which a view may turn off (as the alarms' do: aodhclient falls over one); a request
without a valid token has the body of Keystone's middleware.
"""

import json
import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import SuspiciousOperation, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework.exceptions import (
    AuthenticationFailed,
    MethodNotAllowed,
    NotAcceptable,
    NotAuthenticated,
)

from telemetry_site.core.errors import (
    BadRequest,
    Forbidden,
    TelemetryError,
    Unavailable,
)

logger = logging.getLogger(__name__)

LONGEST_TEXT = 10_000
NOT_FOUND = "The resource could not be found."
NOT_ALLOWED = "The method {method} is not allowed for this resource."
NOT_ACCEPTABLE = (
    "The server could not comply with the request since it is either malformed or otherwise "
    "incorrect."
)
# How the framework of the original frames such a text where it is a plain string.
PLAIN = {
    403: "403 Forbidden\n\nAccess was denied to this resource.\n\n{text}\n\n ",
    404: "404 Not Found\n\n{text}\n\n   ",
    405: "405 Method Not Allowed\n\n{text} \n\n ",
    406: "406 Not Acceptable\n\n{text}\n\n   ",
}
UNAUTHENTICATED = {
    "error": {
        "code": 401,
        "title": "Unauthorized",
        "message": "The request you have made requires authentication.",
    }
}


def answer(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """The answer to a request whose view raised this; DRF's exception handler."""
    match error:
        case NotAuthenticated() | AuthenticationFailed():
            return _unauthenticated(context)
        case Http404():
            return _refused(404, NOT_FOUND, context)
        case NotAcceptable():
            return _refused(406, NOT_ACCEPTABLE, context)
        case MethodNotAllowed():
            return _not_allowed(context)
        case Forbidden():
            return _refused(403, str(error), context)
    return fault(_known(error))


def fault(error: TelemetryError) -> HttpResponse:
    """The answer with faultcode and faultstring."""
    response = _fault(error.status, str(error))
    if isinstance(error, Unavailable):
        response["Retry-After"] = str(error.retry_after)
    return response


def _fault(status: int, text: str) -> HttpResponse:
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT] + "…"
    code = "Client" if status < 500 else "Server"
    body = {"error_message": {"faultcode": code, "faultstring": text, "debuginfo": None}}
    return _json(status, body)


def _refused(status: int, text: str, context: Mapping[str, Any]) -> HttpResponse:
    """What routing or policy refuses: a plain string, unless the view has none."""
    if context["view"].plain_refusals:
        return _json(status, {"error_message": PLAIN[status].format(text=text)})
    return _fault(status, text)


def _known(error: Exception) -> TelemetryError:
    """The error as one of ours."""
    match error:
        case TelemetryError():
            return error
        case OperationalError() | InterfaceError():
            logger.error("The database does not answer: %s", error)
            return Unavailable("The database does not answer; try again later.")
        case RecursionError():
            return BadRequest("The request is nested too deep")
        case TooManyFieldsSent():
            return BadRequest("The request has too many arguments")
        case SuspiciousOperation():
            return BadRequest("The request looks forged: its Host header, or its form, is not ours")
    logger.error("An unexpected error", exc_info=error)
    return TelemetryError("Something went wrong here; the log of the service says what.")


def _unauthenticated(context: Mapping[str, Any]) -> HttpResponse:
    response = _json(401, UNAUTHENTICATED)
    response["WWW-Authenticate"] = context["view"].get_authenticate_header(context["request"])
    return response


def _not_allowed(context: Mapping[str, Any]) -> HttpResponse:
    request: HttpRequest = context["request"]
    response = _refused(405, NOT_ALLOWED.format(method=request.method), context)
    response["Allow"] = ", ".join(context["view"].offered)
    return response


def _json(status: int, body: object) -> HttpResponse:
    return HttpResponse(json.dumps(body), status=status, content_type="application/json")
