"""What is done to every request of the API before it finds its view, and to every answer."""

import uuid
from collections.abc import Callable
from typing import TypeAlias

from django.http import HttpRequest, HttpResponse

NextStep: TypeAlias = Callable[[HttpRequest], HttpResponse]


def request_id(get_response: NextStep) -> NextStep:
    """Names each request in the header x-openstack-request-id of its answer."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["x-openstack-request-id"] = f"req-{uuid.uuid4()}"
        return response

    return handle


def trailing_slash(get_response: NextStep) -> NextStep:
    """Takes one slash off the end of a path below /v2/, so that routes are written once."""

    def handle(request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path.startswith("/v2/") and path.endswith("/"):
            request.path_info = path[:-1]
        return get_response(request)

    return handle


def content_length(get_response: NextStep) -> NextStep:
    """Says how long an answer is that is there as a whole, so that it need not go out in chunks."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.streaming and not response.has_header("Content-Length"):
            response["Content-Length"] = str(len(response.content))
        return response

    return handle
