"""Celery's wake-ups for the upkeep of the store."""

from celery import shared_task
from django.db import connection

from meters import idempotency, pipelines, retention, rollups
from meters.storage import remembering
from meters.storage.closing import close_days
from meters.storage.partitioned import TABLES
from telemetry_site.core import clock
from telemetry_site.core.storage import partitions


@shared_task
def make_partitions() -> None:
    """Make the days ahead; SQLite keeps all days in one table."""
    if connection.vendor == "postgresql":
        now = clock.now()
        partitions.make_ahead(TABLES, now)
        close_days(now)


@shared_task(ignore_result=True)
def roll_up() -> None:
    """Make the rollups say what the samples say."""
    rollups.roll_up(clock.now())


@shared_task(ignore_result=True)
def expire() -> None:
    """Take away what is past its time to live."""
    retention.expire(clock.now())


@shared_task(ignore_result=True)
def flush_transformers() -> None:
    """Let go what transformers hold whose retention time has passed."""
    pipelines.flush(clock.now())


@shared_task(ignore_result=True)
def forget_memory() -> None:
    """Forget what transformers remember of meters that nothing has come of for a week."""
    remembering.forget(clock.now())


@shared_task(ignore_result=True)
def forget_idempotency_keys() -> None:
    """Forget the answers to requests that are not repeated any more."""
    idempotency.expire(clock.now())
