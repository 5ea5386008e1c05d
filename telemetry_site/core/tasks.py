"""Celery's wake-ups for what the shared ground keeps."""

from celery import shared_task
from django.conf import settings

from telemetry_site.core import clock
from telemetry_site.core.messaging import attempts, receipts, rejected


@shared_task(ignore_result=True)
def forget_receipts() -> None:
    """Forget notifications that were taken in, or begun with, longer ago than the setting says."""
    kept = settings.TELEMETRY["RECEIPT_TTL"]
    if kept is not None:
        before = clock.now() - kept
        receipts.expire(before)
        attempts.expire(before)


@shared_task(ignore_result=True)
def drop_rejected() -> None:
    """Drop messages that could not be processed and that nobody has replayed for so long."""
    kept = settings.TELEMETRY["REJECTED_TTL"]
    if kept is not None:
        rejected.expire(clock.now() - kept)
