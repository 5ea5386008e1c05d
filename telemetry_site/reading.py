"""How the reading of each notification queue goes, in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pollsters.standing import Standing
from telemetry_site.core.messaging.buses import plan
from telemetry_site.core.messaging.models import QueueStanding

SILENT = timedelta(seconds=60)  # a consumer that lives writes every few seconds

OFF = Standing("off", "Switched off")
UNSEEN = Standing("bad", "Not read yet: is the consumer running?")
GONE = Standing("bad", "Not heard of for a while: is the consumer running?")
STANDINGS = {
    QueueStanding.AWAY: Standing("bad", "Not read"),
    QueueStanding.WAITING: Standing("busy", "Waiting for it to appear"),
    QueueStanding.MISMATCH: Standing("partly", "Read, but made otherwise"),
    QueueStanding.CONSUMING: Standing("good", "Read"),
}
FLEETING = Standing("partly", "Read; what comes while nobody reads is lost")
FLEETING_WHY = (
    "It goes with its last reader, and what it holds goes with it (amqp_auto_delete = true)."
)
IN_MEMORY = "What it holds is lost when RabbitMQ restarts (amqp_durable_queues = false)."


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A queue that the settings name; `row` is None while no consumer has looked for it."""

    bus: str
    queue: str
    row: QueueStanding | None
    standing: Standing
    note: str


def queues(telemetry: Mapping[str, Any], now: datetime) -> list[QueueLine]:
    """Every queue of the settings, also where reading is switched off."""
    on: bool = telemetry["NOTIFICATIONS"]
    rows = {(row.bus, row.queue): row for row in QueueStanding.objects.all()}
    pairs = plan({**telemetry, "NOTIFICATIONS": True}).pairs()
    return [_line(bus, queue, rows.get((bus, queue)), now, on) for bus, queue in pairs]


def _line(bus: str, queue: str, row: QueueStanding | None, now: datetime, on: bool) -> QueueLine:
    found = standing(row, now) if on else OFF
    live = on and row is not None and found is not GONE
    return QueueLine(bus, queue, row, found, note(row) if row and live else "")


def standing(row: QueueStanding | None, now: datetime) -> Standing:
    """How it goes with the queue of this row at that moment."""
    if row is None:
        return UNSEEN
    if now - row.seen_at > SILENT:
        return GONE
    if row.state == QueueStanding.CONSUMING and row.auto_delete:
        return FLEETING
    return STANDINGS[row.state]


def note(row: QueueStanding) -> str:
    """What else is to be said of it, as sentences."""
    fleeting = FLEETING_WHY if row.auto_delete else ""
    in_memory = IN_MEMORY if row.durable is False else ""
    return " ".join(filter(None, (row.problem, fleeting or in_memory)))
