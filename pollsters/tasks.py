"""Celery's wake-ups: a tick that claims what is due, and the polls it asks for."""

import logging
from functools import cache, partial

from celery import shared_task
from django.conf import settings
from django.db import transaction

from pollsters import ledger, plan, polling
from telemetry_site.core import clock
from telemetry_site.core.errors import BadDefinition

logger = logging.getLogger(__name__)


@shared_task
def tick() -> None:
    """Follow the polling plan, claim what is due, and send its ids once that is committed."""
    now = clock.now()
    try:
        ledger.sync(plan.read(settings.TELEMETRY["POLLING_FILE"]), now)
    except BadDefinition as error:
        _say_once(str(error))
    for claimed in ledger.claim(now):
        transaction.on_commit(partial(_send, *claimed))


@shared_task
def poll_source(job_id: int, generation: int) -> None:
    """Poll the source of a claimed row."""
    options = settings.TELEMETRY
    origin = polling.Origin(options["HOST"], options["SAMPLE_SOURCE"])
    try:
        polling.run(job_id, generation, clock.now(), options["POLLING_FILE"], origin)
    except ledger.StaleRun as error:
        logger.warning("%s", error)


def _send(job_id: int, generation: int) -> None:
    # A wake-up that is older than its lease would find the row taken over.
    poll_source.apply_async((job_id, generation), expires=ledger.LEASE.total_seconds())


@cache
def _say_once(sentence: str) -> None:
    """A bad plan is met at each tick; the log needs it once."""
    logger.error("The polling plan cannot be used; the sources known so far go on: %s", sentence)
