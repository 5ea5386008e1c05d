"""Celery's wake-ups for alarms."""

from celery import shared_task
from django.conf import settings

from alarms import retention, sending
from telemetry_site.core import clock


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
