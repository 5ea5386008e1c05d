"""Celery's wake-ups for the upkeep of events."""

from celery import shared_task
from django.conf import settings
from django.db import connection

from events import retention
from events.storage import indexes
from events.storage.writing import EVENTS
from telemetry_site.core import clock
from telemetry_site.core.storage import partitions


@shared_task(ignore_result=True)
def make_partitions() -> None:
    """Make the days ahead; SQLite keeps all days in one table."""
    if connection.vendor == "postgresql":
        partitions.make_ahead([EVENTS], clock.now())


@shared_task(ignore_result=True)
def expire() -> None:
    """Take away what is past its time to live."""
    retention.expire(clock.now())


@shared_task(ignore_result=True)
def index_traits() -> None:
    """Make the indexes of traits that are asked for and not there."""
    indexes.make(settings.TELEMETRY["INDEXED_TRAITS"])
