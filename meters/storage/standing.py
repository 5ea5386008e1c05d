"""How large the store of samples is and how far its upkeep has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from meters.models import RollupMark, StoreState
from meters.selection import Selection
from meters.statistics import StatisticsQuery
from meters.storage.dialect import Dialect
from meters.storage.marks import SECONDS
from meters.storage.raw_statistics import earliest
from meters.storage.spans import HOUR, down, together
from telemetry_site.core.clock import EPOCH
from telemetry_site.core.storage.sql import Sql, run
from telemetry_site.core.storage.standing import TableStanding, of_table

NAMES = {
    "sample": "samples",
    "rollup_hour": "rollups of hours",
    "rollup_day": "rollups of days",
    "meters_series": "series",
    "meters_metadatasnapshot": "metadata",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """The store of samples as a whole; times in aware UTC.

    `behind` counts hours and days that are over and wait for the roll-up, `behind_since` is the
    first of them. Samples before `kept_since` may be gone.
    """

    tables: Sequence[TableStanding]
    oldest: datetime | None
    newest: datetime | None
    behind: int
    behind_since: datetime | None
    kept_since: datetime | None


def standing(dialect: Dialect, newest: datetime | None, now: datetime) -> Standing:
    """How the store stands; `newest` is the time of its last sample."""
    first = earliest(dialect, StatisticsQuery(Selection()), now)
    oldest = run(Sql(f"SELECT {first.text}", first.params))[0][0]
    state = StoreState.objects.first()
    kept_since = state.kept_since if state and state.kept_since > EPOCH else None
    behind, behind_since = _behind(now)
    return Standing(
        [of_table(table, name) for table, name in NAMES.items()],
        None if oldest is None else dialect.moment_of(oldest),
        newest,
        behind,
        behind_since,
        kept_since,
    )


def _behind(now: datetime) -> tuple[int, datetime | None]:
    over = RollupMark.objects.filter(step=SECONDS[HOUR], start__lt=down(now, HOUR))
    spans = together(over.values_list("start", "stop").distinct())
    hours = sum((stop - start) // HOUR for start, stop in spans)
    return hours, spans[0][0] if spans else None
