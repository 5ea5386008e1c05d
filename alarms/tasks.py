"""Celery's wake-ups for alarms; what is due stands in the database."""

from celery import shared_task
from django.conf import settings

from alarms import hits, retention, rounds, sending
from telemetry_site.core import clock


@shared_task(ignore_result=True)
def evaluation_round() -> None:
    """Evaluate all alarms, if a round is due."""
    ended = rounds.run(clock.now())
    if ended and ended.actions:
        send_actions.delay()


@shared_task(ignore_result=True)
def fire_event_alarms() -> None:
    """Let event alarms fire whose process died between the events and that."""
    if hits.work_off().actions:
        send_actions.delay()


@shared_task(ignore_result=True)
def send_actions() -> None:
    """Run the actions that are due."""
    sending.work_off()


@shared_task(ignore_result=True)
def expire_history() -> None:
    """Forget changes and actions that are past their time to live."""
    kept = settings.TELEMETRY["ALARM_HISTORY_TTL"]
    if kept is not None:
        retention.expire(clock.shifted(clock.now(), -kept))
