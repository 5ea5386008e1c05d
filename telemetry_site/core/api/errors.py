"""Any exception of an API view as the answer that Ceilometer's clients read.

What a controller refuses has a faultcode and a faultstring; what routing and policy refuse is a
plain string; a request without a valid token has the body of Keystone's middleware.
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
NOT_FOUND = "404 Not Found\n\nThe resource could not be found.\n\n   "
NOT_ALLOWED = (
    "405 Method Not Allowed\n\nThe method {method} is not allowed for this resource. \n\n "
)
NOT_ACCEPTABLE = (
    "406 Not Acceptable\n\nThe server could not comply with the request since it is either "
    "malformed or otherwise incorrect.\n\n   "
)
FORBIDDEN = "403 Forbidden\n\nAccess was denied to this resource.\n\n{why}\n\n "
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
            return _plain(404, NOT_FOUND)
        case NotAcceptable():
            return _plain(406, NOT_ACCEPTABLE)
        case MethodNotAllowed():
            return _not_allowed(context)
        case Forbidden():
            return _plain(403, FORBIDDEN.format(why=error))
    return fault(_known(error))


def fault(error: TelemetryError) -> HttpResponse:
    """The answer with faultcode and faultstring."""
    text = str(error)
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT] + "…"
    code = "Client" if error.status < 500 else "Server"
    body = {"error_message": {"faultcode": code, "faultstring": text, "debuginfo": None}}
    response = _json(error.status, body)
    if isinstance(error, Unavailable):
        response["Retry-After"] = str(error.retry_after)
    return response


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
    response = _plain(405, NOT_ALLOWED.format(method=request.method))
    response["Allow"] = ", ".join(context["view"].offered)
    return response


def _plain(status: int, text: str) -> HttpResponse:
    return _json(status, {"error_message": text})


def _json(status: int, body: object) -> HttpResponse:
    return HttpResponse(json.dumps(body), status=status, content_type="application/json")
