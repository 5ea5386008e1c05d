"""The periodic work as one table: a handful of fixed ticks, each of which may run twice or late.

What is due stands in the database; a tick only looks there.
"""

from dataclasses import dataclass
from typing import Any

HOUR = 3600.0
DEFAULT_QUEUE = "upkeep"


@dataclass(frozen=True, slots=True)
class Tick:
    """A task that beat sends every so many seconds; what nobody took in time is thrown away."""

    name: str
    task: str
    every: float
    expires: float


TICKS = (
    Tick("poll what is due", "pollsters.tasks.tick", every=2.0, expires=10.0),
    Tick("send what is owed", "telemetry_site.tasks.send_owed", every=1.0, expires=5.0),
    Tick("evaluate alarms", "alarms.tasks.evaluation_round", every=2.0, expires=10.0),
    Tick("fire event alarms", "alarms.tasks.fire_event_alarms", every=5.0, expires=10.0),
    Tick("run actions", "alarms.tasks.send_actions", every=1.0, expires=5.0),
    Tick("flush transformers", "meters.tasks.flush_transformers", every=5.0, expires=10.0),
    Tick("roll up", "meters.tasks.roll_up", every=30.0, expires=30.0),
    Tick("make partitions ahead", "meters.tasks.make_partitions", every=HOUR, expires=HOUR),
    Tick("expire", "meters.tasks.expire", every=HOUR, expires=HOUR),
    Tick("make days of events ahead", "events.tasks.make_partitions", every=HOUR, expires=HOUR),
    Tick("expire events", "events.tasks.expire", every=HOUR, expires=HOUR),
    Tick("index traits", "events.tasks.index_traits", every=HOUR, expires=HOUR),
    Tick("drop rejected", "telemetry_site.core.tasks.drop_rejected", every=HOUR, expires=HOUR),
    Tick("forget receipts", "telemetry_site.core.tasks.forget_receipts", every=HOUR, expires=HOUR),
    Tick("expire alarms", "alarms.tasks.expire_history", every=HOUR, expires=HOUR),
    Tick("forget old memory", "meters.tasks.forget_memory", every=HOUR, expires=HOUR),
    Tick("forget old answers", "meters.tasks.forget_idempotency_keys", every=HOUR, expires=HOUR),
)

ROUTES = {
    "pollsters.tasks.*": {"queue": "poll"},
    "alarms.tasks.send_actions": {"queue": "notify"},
    "alarms.tasks.expire_history": {"queue": "upkeep"},
    "alarms.tasks.*": {"queue": "alarm"},
    "telemetry_site.tasks.*": {"queue": "publish"},
    "meters.tasks.*": {"queue": "upkeep"},
    "events.tasks.*": {"queue": "upkeep"},
    "telemetry_site.core.tasks.*": {"queue": "upkeep"},
}

# One exchange each: with a shared one and a shared key, every message would reach every queue.
QUEUES = {
    name: {"exchange": name, "exchange_type": "direct", "routing_key": name}
    for name in ("poll", "alarm", "notify", "publish", "upkeep")
}


def beat() -> dict[str, dict[str, Any]]:
    """The table as Celery beat reads it."""
    return {
        tick.name: {
            "task": tick.task,
            "schedule": tick.every,
            "options": {"expires": tick.expires},
        }
        for tick in TICKS
    }
