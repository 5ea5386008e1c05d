"""test://: keeps records in this process, for tests."""

from collections import defaultdict, deque
from typing import ClassVar, Final

from telemetry_site.core.publishers.address import Address
from telemetry_site.core.publishers.publisher import PLAIN, Document, Parcel

MOST: Final = 10_000

_kept: dict[str, deque[Document]] = defaultdict(lambda: deque(maxlen=MOST))


class MemoryPublisher:
    """The last 10,000 records of an address."""

    form: ClassVar[str] = PLAIN

    def __init__(self, address: Address) -> None:
        self._address = address.text

    def send(self, parcel: Parcel[Document]) -> None:
        """See Publisher.send."""
        _kept[self._address].extend(parcel.records)

    def close(self) -> None:
        """See Publisher.close."""


def kept(address: str) -> list[Document]:
    """What was sent to it."""
    return list(_kept[address])


def forget() -> None:
    """Empty all of them."""
    _kept.clear()
