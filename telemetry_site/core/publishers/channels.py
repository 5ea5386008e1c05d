"""The external publishers of the pipelines, ready to be owed something and to be sent to."""

from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from typing import Any, NamedTuple

from telemetry_site.core.publishers.address import Address
from telemetry_site.core.publishers.policy import Policy, policy_of
from telemetry_site.core.publishers.publisher import Publisher


class Channel(NamedTuple):
    """One external publisher: `kind` is what it takes, `read` makes records of a stored body.

    With `once` a parcel is forgotten before it is sent: it is lost rather than sent twice.
    """

    key: bytes
    kind: str
    label: str
    policy: Policy
    publisher: Publisher[Any]
    read: Callable[[bytes], list[Any]]
    once: bool = False


ONCE = ("udp",)
Make = Callable[[Address], Publisher[Any]]


def channel(url: str, kind: str, make: Make, read: Callable[[bytes], list[Any]]) -> Channel:
    """The channel of a URL. Raises BadAddress, UnknownName."""
    address = Address(url)
    digest = blake2b(f"{kind}\0{address.text}".encode(), digest_size=16).digest()
    policy = policy_of(address)
    return Channel(digest, kind, str(address), policy, make(address), read, address.scheme in ONCE)


def by_key(channels: Iterable[Channel]) -> Mapping[bytes, Channel]:
    """Each once: equal URLs share one."""
    return {one.key: one for one in channels}
