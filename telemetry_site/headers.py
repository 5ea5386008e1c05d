"""Headers that keep a page from running or showing what is not ours."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]

POLICY = "Content-Security-Policy"
# No inline script and no inline style anywhere.
OURS_ALONE = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def page_headers(get_response: GetResponse) -> GetResponse:
    """Middleware: a page brings its own policy or gets ours."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        answer = get_response(request)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            answer.headers.setdefault(POLICY, OURS_ALONE)
            answer.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return answer

    return answered
