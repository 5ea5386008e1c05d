"""The publishers that both samples and events have, by the scheme of their addresses."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from telemetry_site.core.publishers.address import Address, BadAddress
from telemetry_site.core.publishers.publisher import Document, Publisher, Shaped
from telemetry_site.core.registry import Registry

R = TypeVar("R")

SHARED: Final = {
    "http": "telemetry_site.core.publishers.http:HttpPublisher",
    "https": "telemetry_site.core.publishers.http:HttpPublisher",
    "file": "telemetry_site.core.publishers.file:FilePublisher",
    "notifier": "telemetry_site.core.publishers.notifier:NotifierPublisher",
    "test": "telemetry_site.core.publishers.memory:MemoryPublisher",
}
# Into our own store: within the transaction, not by the outbox.
STORE: Final = ("database", "direct")
NOT_HERE: Final = {
    "kafka": "Kafka is not spoken here: publish to notifier:// or http://, and bridge from there",
    "zaqar": "Zaqar is not spoken here: publish to notifier:// or http://, and bridge from there",
    "file_alt": "the old dispatcher of files is not here: use file://",
    "http_alt": "the old dispatcher of HTTP is not here: use http:// or https://",
}


def is_store(url: str) -> bool:
    """Whether the URL means our own store. Raises BadAddress for another dispatcher."""
    address = Address(url)
    if address.scheme not in STORE:
        return False
    dispatcher = address.option("dispatcher", str, "database")
    if dispatcher != "database":
        raise BadAddress(f"{address}: there is no dispatcher {dispatcher}: name its publisher")
    return True


def opened(
    address: Address,
    table: Registry[Any],
    forms: Mapping[str, Callable[[R], Document]],
) -> Publisher[R]:
    """The publisher of the address; one of documents gets records in the form it asks for.

    Raises BadAddress, UnknownName.
    """
    if address.scheme in NOT_HERE:
        raise BadAddress(f"{address}: {NOT_HERE[address.scheme]}")
    made = table.get(address.scheme)(address)
    form = getattr(made, "form", None)
    return Shaped(made, forms[form]) if form else made
