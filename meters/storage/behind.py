"""The look at the marks: which rollups do not say what the samples say, and since when any do."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from meters.storage.dialect import Dialect
from meters.storage.marks import SECONDS
from meters.storage.spans import DAY, HOUR, Span, down, together
from telemetry_site.core.clock import EPOCH
from telemetry_site.core.storage.sql import Sql, run

STEPS = (HOUR, DAY)
KEPT = -1
LOOK = f"""
SELECT DISTINCT k.step, k.start, k.stop FROM rollup_mark k
WHERE k.start >= %s AND k.start < %s AND k.step IN ({SECONDS[HOUR]}, {SECONDS[DAY]})
    AND k.start >= COALESCE((SELECT kept_since FROM store_state), %s)
    AND (k.series_id IS NULL OR k.series_id IN (SELECT r.id FROM meters_series r WHERE {{series}}))
UNION ALL SELECT {KEPT}, kept_since, kept_since FROM store_state
"""


@dataclass(frozen=True, slots=True)
class Behind:
    """The `dirty` spans, by the length of an hour or day; since when samples are kept."""

    dirty: Mapping[timedelta, Sequence[Span]]
    kept_since: datetime


def behind(dialect: Dialect, series: Sql, asked: Span, open_from: datetime) -> Behind:
    """What is behind of these series, in the hours and days that are over."""
    moment = dialect.moment
    start, end = asked
    bounds = (moment(down(start, DAY)), moment(min(end, open_from)), moment(EPOCH))
    found: dict[int, list[Span]] = defaultdict(list)
    for step, first, stop in run(Sql(LOOK.format(series=series.text), bounds + series.params)):
        found[step].append((dialect.moment_of(first), dialect.moment_of(stop)))
    dirty = {step: together(found[SECONDS[step]]) for step in STEPS}
    return Behind(dirty, found[KEPT][0][0] if found[KEPT] else EPOCH)
