"""What this process says about itself to those who run it."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from telemetry_site import health, observation
from telemetry_site.core import clock

TEXT = "text/plain; charset=utf-8"
RETRY = {"Retry-After": "5"}


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive; nothing else is looked at."""
    return HttpResponse("ok\n", content_type=TEXT)


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether requests can be served, and what stands in the way."""
    troubles = health.troubles()
    if troubles:
        lines = "\n".join(troubles)
        return HttpResponse(f"{lines}\n", content_type=TEXT, status=503, headers=RETRY)
    return HttpResponse("ready\n", content_type=TEXT)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Our own numbers in Prometheus' text format."""
    try:
        body = observation.exposition(clock.now())
    except DatabaseError:
        sentence = "The database cannot be reached.\n"
        return HttpResponse(sentence, content_type=TEXT, status=503, headers=RETRY)
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)
