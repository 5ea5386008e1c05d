"""Wakes a worker without waiting for the broker, which may be away; a tick makes up for it."""

import logging
from collections.abc import Callable
from threading import Lock, Thread

logger = logging.getLogger(__name__)

_lock = Lock()


def wake(send: Callable[[], object]) -> None:
    """Send the wake-up from a thread, unless one is on its way already."""
    if _lock.acquire(blocking=False):
        Thread(target=_send, args=(send,), name="wake", daemon=True).start()


def busy() -> bool:
    """Whether a wake-up is on its way."""
    return _lock.locked()


def _send(send: Callable[[], object]) -> None:
    try:
        send()
    except Exception as error:
        logger.info("No worker could be woken: %s", error)
    finally:
        _lock.release()
