"""http:// and https://: a POST of a JSON list."""

from typing import ClassVar, Final

import msgspec

from telemetry_site.core.publishers.address import Address, truth
from telemetry_site.core.publishers.publisher import PLAIN, Document, Parcel
from telemetry_site.core.publishers.session import Session

JSON: Final = {"Content-Type": "application/json"}
KEY: Final = "Idempotency-Key"  # the id by which a receiver can drop repeats

_encode = msgspec.json.Encoder().encode


class HttpPublisher:
    """One POST for a parcel, or, with batch=false, one for each record, which is then the body.

    With raw_only the body holds the raw payloads of those events that have one. Options that are
    none of ours stay in the query of the target.
    """

    form: ClassVar[str] = PLAIN

    def __init__(self, address: Address) -> None:
        self._batch = address.option("batch", truth, True)
        self._raw_only = address.option("raw_only", truth, False)
        self._session = Session(address, address.scheme)

    def send(self, parcel: Parcel[Document]) -> None:
        """See Publisher.send. A parcel of which a part has arrived is sent again whole."""
        records = list(map(_payload, parcel.records)) if self._raw_only else list(parcel.records)
        records = [record for record in records if record]
        if self._batch and records:
            self._session.post(_encode(records), {**JSON, KEY: str(parcel.id)})
        elif not self._batch:
            for place, record in enumerate(records):
                self._session.post(_encode(record), {**JSON, KEY: f"{parcel.id}-{place}"})

    def close(self) -> None:
        """See Publisher.close."""
        self._session.close()


def _payload(record: Document) -> Document:
    """What an event's raw notification says; empty where there is none."""
    raw = record.get("raw") or {}
    found: Document = raw.get("payload") or {}
    return found
