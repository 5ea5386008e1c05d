"""Which addresses an action may call: public ones, and the networks that an operator lists."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052
# Special ones that Python's tables lack, or lacked: RFC 6890, 7526, 8215, 9602, 9637.
SPECIAL: Final = tuple(
    map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "5f00::/16", "3fff::/20"))
)


def may_be_called(text: str, allowed: Iterable[Network]) -> bool:
    """Whether it is public or in an allowed network, also by the IPv4 address that it stands for.

    >>> may_be_called("::ffff:169.254.169.254", ())
    False
    """
    address, allowed = ip_address(text), tuple(allowed)
    if _within(address, allowed):
        return True
    return all(_within(one, allowed) or _is_public(one) for one in _meant(address))


def _within(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)


def _meant(address: Address) -> tuple[Address, ...]:
    """Where packets to it may end: an IPv6 address may be a wrapping of an IPv4 one."""
    if isinstance(address, IPv4Address):
        return (address,)
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address in NAT64:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return (address, address.sixtofour) if address.sixtofour else (address,)


def _is_public(address: Address) -> bool:
    """Multicast and some reserved ones count as global in Python."""
    of_a_site = isinstance(address, IPv6Address) and address.is_site_local
    special = address.is_multicast or address.is_reserved or of_a_site
    return address.is_global and not special and not _within(address, SPECIAL)
