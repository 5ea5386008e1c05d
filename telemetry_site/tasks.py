"""Celery's wake-ups for what is sent on to others."""

from celery import shared_task

from telemetry_site import publishing
from telemetry_site.core import clock


@shared_task(ignore_result=True)
def send_owed() -> None:
    """Have every publisher sent what it is owed."""
    for standing_id, generation in publishing.claim(clock.now()):
        send.delay(standing_id, generation)


@shared_task(ignore_result=True)
def send(standing_id: int, generation: int) -> None:
    """Send to one of them."""
    publishing.send(standing_id, generation)
