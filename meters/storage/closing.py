"""Days that are over get the index by which a message id is found.

On an open day it would cost a fifth of the rate at which samples come in.
"""

from datetime import UTC, datetime

from django.db import connection, transaction

from meters.storage.partitioned import SAMPLES
from telemetry_site.core.storage.partitions import unless_locked
from telemetry_site.core.storage.sql import Sql, run

# Partitions of days that are over and do not have it.
OPEN = """
SELECT days.relname FROM (
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'sample'::regclass) days
WHERE days.relname ~ '^sample_[0-9]+$' AND days.relname < %s
    AND to_regclass(days.relname || '_message_id') IS NULL
ORDER BY days.relname
"""
# Every id is another: 0.4 of the tuples a page could hold is what our rows fill.
CLOSE = """
SET LOCAL lock_timeout = '2s';
CREATE INDEX IF NOT EXISTS {name}_message_id ON {name}
USING brin (message_id uuid_bloom_ops(n_distinct_per_range = -0.4)) WITH (pages_per_range = 32)
"""


def close_days(now: datetime) -> None:
    """Make it for the days before this one."""
    today = SAMPLES.partition(now.astimezone(UTC).date())
    for (name,) in run(Sql(OPEN, (today,))):
        with unless_locked(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(CLOSE.format(name=name))
