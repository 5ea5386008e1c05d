"""Wakes a worker without waiting for the broker, which may be away; a tick makes up for it."""

import logging
from threading import Lock, Thread

from django.conf import settings
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

_lock = Lock()


def wake(task: str) -> None:
    """Send the task by its name from a thread, unless one is on its way already.

    How tasks are sent is a setting: who takes events in needs no Celery until then.
    """
    if _lock.acquire(blocking=False):
        Thread(target=_send, args=(task,), name="wake", daemon=True).start()


def busy() -> bool:
    """Whether a wake-up is on its way."""
    return _lock.locked()


def _send(task: str) -> None:
    try:
        import_string(settings.SEND_TASK)(task)
    except Exception as error:
        logger.info("No worker could be woken: %s", error)
    finally:
        _lock.release()
