"""Samples as rows of PostgreSQL's binary COPY format, times as exact whole microseconds."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from operator import itemgetter
from struct import Struct

from meters.samples import Sample
from telemetry_site.core.storage.copyformat import EPOCH, whole

COLUMNS = ("series_id", "timestamp", "message_id", "metadata_id", "recorded_at", "volume")

MICROSECOND = timedelta(microseconds=1)

# A field is its length and its bytes; the row begins with the number of fields. NULL is length -1.
_pack = Struct("!hiiiqi16siiiqid").pack
_pack_without_volume = Struct("!hiiiqi16siiiqi").pack

# The bytes up to the end of the message id: series, time and id in the order of the unique key.
_key = itemgetter(slice(0, 42))


def encode(
    samples: Iterable[Sample],
    series: Iterable[int],
    metadata: Iterable[int],
    recorded_at: datetime,
) -> bytes:
    """The whole input of a COPY of `COLUMNS`, sorted by series, time and id.

    `series` and `metadata` are the ids that go with each sample; `recorded_at` is for those that
    carry none. Of rows with one key the first of `samples` stands first.
    """
    rows = _rows(samples, series, metadata, (recorded_at - EPOCH) // MICROSECOND)
    rows.sort(key=_key)
    return whole(rows)


def _rows(
    samples: Iterable[Sample], series: Iterable[int], metadata: Iterable[int], fresh: int
) -> list[bytes]:
    rows: list[bytes] = []
    append, pack = rows.append, _pack
    moment, time = EPOCH, 0
    arrival, recorded = None, fresh  # those of one batch share it too
    for sample, series_id, metadata_id in zip(samples, series, metadata, strict=False):
        # Spelled out, not called: it runs once for every sample that comes in.
        if sample.timestamp is not moment:  # neighbours of one delivery share it
            moment = sample.timestamp
            since = moment - EPOCH
            time = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
        message_id = sample.message_id.int.to_bytes(16, "big")
        if sample.recorded_at is not arrival:
            arrival = sample.recorded_at
            recorded = fresh if arrival is None else (arrival - EPOCH) // MICROSECOND
        volume = sample.volume
        if volume is None:
            append(
                _pack_without_volume(
                    6, 4, series_id, 8, time, 16, message_id, 4, metadata_id, 8, recorded, -1
                )
            )
        else:
            append(
                pack(
                    6, 4, series_id, 8, time, 16, message_id, 4, metadata_id, 8, recorded, 8, volume
                )
            )
    return rows
