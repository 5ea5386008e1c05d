"""How many events there are, and of which time; cheap at any size on PostgreSQL."""

from dataclasses import dataclass
from datetime import datetime

from telemetry_site.core.clock import from_microseconds
from telemetry_site.core.storage.sql import Sql, run
from telemetry_site.core.storage.standing import TableStanding, of_table

# Each by the index of times, which SQLite uses for one at a time.
ENDS = "SELECT (SELECT min(generated) FROM event), (SELECT max(generated) FROM event)"


@dataclass(frozen=True, slots=True)
class EventStanding:
    """The table of events, and the times of the first and the last; aware UTC."""

    table: TableStanding
    oldest: datetime | None
    newest: datetime | None


def standing() -> EventStanding:
    """How the events stand."""
    ends = run(Sql(ENDS))[0]
    oldest, newest = (from_microseconds(at) if isinstance(at, int) else at for at in ends)
    return EventStanding(of_table("event", "events"), oldest, newest)
