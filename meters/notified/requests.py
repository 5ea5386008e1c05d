"""http.request and http.response: each is one request of a service's API."""

from collections.abc import Iterator

from meters.notified.drafts import Draft
from telemetry_site.core.definitions.matches import walk
from telemetry_site.core.messaging.notification import Notification

EVENT_TYPES = ("http.request", "http.response")


def drafts(said: Notification) -> Iterator[Draft]:
    """One, of the service that was asked."""

    def header(name: str) -> object:
        return walk(said.message, ("payload", "request", f"HTTP_X_{name}"))

    yield Draft(
        said.event_type,
        said.event_type,
        "delta",
        said.event_type.split(".")[1],
        1,
        header("SERVICE_NAME"),
        header("PROJECT_ID"),
        header("USER_ID"),
    )
