"""What alarms do when events arrive."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from alarms import hits, waking, watching
from alarms.watching import Arrived
from events.signals import events_recorded

SEND_ACTIONS = "alarms.tasks.send_actions"


@receiver(events_recorded)
def note(events: Sequence[Arrived], now: datetime, **_: Any) -> None:
    """Note in the events' transaction which alarms they are for; afterwards these fire at once.

    A tick lets those fire whose process has died meanwhile.
    """
    if watching.note(events, now):
        transaction.on_commit(_fire, robust=True)


def _fire() -> None:
    if hits.work_off().actions:
        waking.wake(SEND_ACTIONS)
