"""Events that a thousand alarms wait for, against the same without alarms."""

import json
from uuid import UUID

from django.conf import settings

from alarms import watching
from alarms.models import Alarm, Delivery, EventAlarms, Hit
from telemetry_site.core.messaging.delivery import Delivery as Message
from telemetry_site.ingest import ingest
from tests.bench import alarms, goals, turns
from tests.bench.databases import number, use
from tests.bench.rows import Row
from tests.bench.run import Run
from tests.bench.turns import timed
from tests.notifications import wire

ALARMS, BATCH, BATCHES = 1_000, 500, 6
HITS = 10  # one event in so many is one that an alarm waits for


class _Firing:
    """The same notifications into two stores."""

    def __init__(self, run: Run) -> None:
        self._stores = {name: run.databases.migrated(name) for name in ("waiting", "unwatched")}
        self._sent = 0
        use(self._stores["waiting"])
        alarms.watch_events(ALARMS)
        EventAlarms.objects.create(pk=1, generation=1)

    def waiting(self, turn: int) -> float:
        """Events a second until the last alarm has fired."""
        return self._rate("waiting")

    def unwatched(self, turn: int) -> float:
        """Events a second where there are no alarms."""
        return self._rate("unwatched")

    def _rate(self, name: str) -> float:
        use(self._stores[name])
        watching.forget()
        batches = [self._batch() for _ in range(BATCHES)]
        seconds = timed(lambda: [ingest(batch) for batch in batches])
        return BATCH * BATCHES / seconds

    def _batch(self) -> list[Message]:
        first, self._sent = self._sent, self._sent + BATCH
        return [_message(first + place) for place in range(BATCH)]

    def check(self) -> int:
        """How many actions were asked for; one for each event that was waited for."""
        use(self._stores["waiting"])
        wanted = int(number("SELECT count(*) FROM event")) // HITS
        made = Delivery.objects.count()
        if made != wanted or Hit.objects.exists() or Alarm.objects.exclude(state="alarm").exists():
            raise RuntimeError(f"{wanted} actions should be there, and {made} are")
        return made


def _message(place: int) -> Message:
    """A volume is about to go; one in so many has a name that an alarm waits for."""
    name = f"thing-{place // HITS % ALARMS}" if place % HITS == 0 else f"other-{place}"
    payload = {"display_name": name, "tenant_id": "watched", "volume_id": name, "size": 8}
    said = wire("volume.delete.start", payload, message_id=str(UUID(int=place + 1)))
    return Message(json.dumps(said).encode(), "notifications.info")


def nobody(task: str) -> None:
    """Whom events wake here: no worker listens, and none is measured."""


def measure(run: Run) -> list[Row]:
    """The row. Raises RuntimeError where an alarm did not fire, or once too often."""
    settings.SEND_TASK = f"{__name__}.{nobody.__name__}"
    work = _Firing(run)
    found = turns.take({"waiting": work.waiting, "unwatched": work.unwatched}, run.size.rounds)
    made = work.check()
    against = f"without alarms ({found.median('unwatched'):,.0f}/s); {made:,} actions asked for"
    ratio = found.ratio("waiting", to="unwatched")
    return [Row(goals.FIRED, found.median("waiting"), ratio, against)]
