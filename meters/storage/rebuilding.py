"""Making all rollups anew, for whoever does not trust them any more."""

from django.db import transaction

from meters.storage import marks
from meters.storage.dialect import Dialect
from meters.storage.marks import SECONDS
from meters.storage.spans import HOUR
from telemetry_site.core.clock import EPOCH
from telemetry_site.core.storage.sql import Sql, run, run_only

KEPT = "COALESCE((SELECT kept_since FROM store_state), %s)"
HOURS = f"SELECT DISTINCT {{hour}} FROM sample s WHERE s.timestamp >= {KEPT}"
DELETE = f"DELETE FROM {{table}} WHERE start >= {KEPT}"


def mark_everything(dialect: Dialect) -> int:
    """Delete the rollups of samples that are there, and mark their hours; how many hours.

    Until the roll-up has come by, answers are read from the samples.
    """
    since = dialect.moment(EPOCH)
    hour = dialect.period_start("s.timestamp", Sql("%s", (since,)), SECONDS[HOUR])
    with transaction.atomic():
        for table in ("rollup_day", "rollup_hour"):
            run_only(Sql(DELETE.format(table=table), (since,)))
        found = run(Sql(HOURS.format(hour=hour.text), (*hour.params, since)))
        behind = [marks.of_all(dialect.moment_of(start), HOUR) for (start,) in sorted(found)]
        if behind:
            run_only(marks.appended(dialect, behind, HOUR))
    return len(behind)
