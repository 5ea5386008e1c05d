"""Runs the actions that are due: many at once, few of a target, again until they arrive."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Final

import msgspec
from django.conf import settings
from django.db import DatabaseError, connections

from alarms import deliveries
from alarms.actions.action import ActionError, Call
from alarms.actions.addresses import shown
from alarms.actions.registry import ACTIONS
from alarms.models import Delivery
from alarms.slots import Slots
from telemetry_site.core import clock
from telemetry_site.core.errors import UnknownName

MOST: Final = 32  # calls at once in this process
LOOKED_AT: Final = 64  # rows at once
BUDGET: Final = 20.0  # seconds that one task begins calls; what is left is for the next tick
LOOK_AGAIN: Final = 0.5  # seconds
MARGIN: Final = timedelta(seconds=10)  # for what is done beside the call

logger = logging.getLogger(__name__)

_slots = Slots(MOST)
_pool = ThreadPoolExecutor(MOST + 1, "action")  # one may be writing
_working = Lock()
_writing = Lock()
_ended: SimpleQueue[tuple[Delivery, str | ActionError, float]] = SimpleQueue()


def work_off() -> int:
    """Begin calls until nothing is due or 20 s are over; how many.

    It does not wait for calls that take their time: they end by themselves. Where this process is
    at it already, it returns at once.
    """
    if not _working.acquire(blocking=False):
        return 0
    try:
        return _work_off(time.monotonic() + BUDGET)
    finally:
        _working.release()


def settle(seconds: float) -> bool:
    """Wait until no call is in flight; False where that takes longer."""
    return _slots.are_free(seconds)


def _work_off(until: float) -> int:
    begun = 0
    while time.monotonic() < until:
        ended = _slots.ended
        some = _begin(clock.now())
        begun += some
        if not some and not _slots.another_ends(ended, LOOK_AGAIN):
            break
    return begun


def _begin(now: datetime) -> int:
    """Begin as many calls as there are slots for; how many."""
    room = _slots.room()
    if room is None:
        return 0
    chosen = [row for row in deliveries.due(now, LOOKED_AT, *room) if _slots.take(row.target)]
    mine: list[Delivery] = []
    try:
        lease = timedelta(seconds=settings.TELEMETRY["ACTION_TIMEOUT"]) + MARGIN
        mine = deliveries.claim(chosen, now, lease)
    finally:
        taken = {row.pk for row in mine}
        for row in chosen:
            if row.pk not in taken:
                _slots.give_back(row.target)
    for row in mine:
        _pool.submit(_run, row)
    return len(mine)


def _run(row: Delivery) -> None:
    began = time.monotonic()
    outcome = tried(row, clock.now())
    _ended.put((row, outcome, time.monotonic() - began))
    _write_down()


def _write_down() -> None:
    """One thread writes what all have done: a connection of each would cost more than the rest.

    Whoever finds it at work may go: it looks once more after it has let others in.
    """
    while not _ended.empty() and _writing.acquire(blocking=False):
        try:
            _write_all()
        finally:
            connections.close_all()
            _writing.release()


def _write_all() -> None:
    with suppress(Empty):
        while True:
            row, outcome, seconds = _ended.get_nowait()
            try:
                end(row, outcome, clock.now())
            except DatabaseError:
                logger.exception("How an action ended could not be written; it will be run again.")
            finally:
                _slots.give_back(row.target, seconds)


def tried(row: Delivery, now: datetime) -> str | ActionError:
    """Run an action once; what was answered, or what is wrong."""
    try:
        action = ACTIONS.get(row.target.partition("://")[0])(settings.TELEMETRY)
        call = Call(row.delivery_id, row.action, row.body.encode(), row.attempts, now)
        return action.run(call)
    except ActionError as error:
        return error
    except (UnknownName, msgspec.MsgspecError) as error:
        return ActionError(f"It cannot be run: {error}.", permanent=True)
    except Exception as error:  # whatever it is, the others go on
        logger.exception("An action of the alarm %s failed.", row.alarm_id)
        return ActionError(f"It failed unexpectedly: {type(error).__name__}; the log has more.")


def end(row: Delivery, outcome: str | ActionError, now: datetime) -> None:
    """Write down how a try went, and when the next one is due."""
    if isinstance(outcome, str):
        deliveries.arrived(row, outcome, now)
    elif not outcome.permanent and row.attempts < settings.TELEMETRY["ACTION_ATTEMPTS"]:
        pause = deliveries.pause(row.attempts, outcome)
        deliveries.put_off(row, str(outcome), now + pause)
    elif deliveries.failed(row, str(outcome), now):
        logger.warning(
            "Action %s of the alarm %s has failed for good: %s",
            shown(row.action), row.alarm_id, outcome,
        )  # fmt: skip
