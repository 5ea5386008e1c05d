"""Which addresses an action may call."""

import pytest

from alarms.actions.networks import may_be_called
from telemetry_site.readers import networks

PUBLIC = (
    "8.8.8.8", "172.32.0.1", "192.169.0.1", "2606:4700:4700::1111",
    "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
)  # fmt: skip
REFUSED = {
    "loopback": ("127.0.0.1", "127.255.255.254", "::1"),
    "unspecified": ("0.0.0.0", "0.1.2.3", "::"),  # noqa: S104 - it is a word here
    "private": ("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd12::1"),
    "shared by carriers": ("100.64.0.1", "100.127.255.254"),
    "link-local": ("169.254.169.254", "fe80::1", "fe80::1%2", "fe80::1%eth0"),
    "site-local": ("fec0::1",),
    "multicast": ("224.0.0.1", "239.255.255.250", "ff02::1", "ff0e::1"),
    "reserved": ("240.0.0.1", "255.255.255.255", "4000::1", "::8.8.8.8"),
    "documentation": ("192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"),
    "special": ("192.0.0.8", "198.18.0.1", "192.88.99.1", "5f00::1", "100::1"),
    "mapped": ("::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "::ffff:0.0.0.0"),
    "translated": ("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808"),
    "tunnelled": ("2002:7f00:1::1", "2002:a00:1::1", "2001:0:808:808::1"),
}


@pytest.mark.parametrize("address", PUBLIC)
def test_it_lets_public_ones_be_called(address: str) -> None:
    assert may_be_called(address, ())


@pytest.mark.parametrize("address", [one for many in REFUSED.values() for one in many])
def test_it_refuses_all_others(address: str) -> None:
    assert not may_be_called(address, ())


@pytest.mark.parametrize(
    ("allowed", "address"),
    [
        ("127.0.0.0/8", "127.1.2.3"),
        ("10.0.0.0/8,fd00::/8", "fd00::5"),
        ("127.0.0.0/8", "::ffff:127.0.0.1"),
        ("10.0.0.0/8", "64:ff9b::a00:1"),
        ("10.0.0.0/8", "2002:a00:1::1"),
        ("::1", "::1"),
    ],
)
def test_it_lets_an_allowed_network_be_called(allowed: str, address: str) -> None:
    assert may_be_called(address, networks(allowed))


@pytest.mark.parametrize("address", ["10.0.0.1", "::1", "::ffff:10.0.0.1", "169.254.169.254"])
def test_it_allows_no_other(address: str) -> None:
    assert not may_be_called(address, networks("127.0.0.0/8"))


def test_it_lets_public_ones_be_called_whatever_is_allowed() -> None:
    assert may_be_called("128.0.0.1", networks("127.0.0.0/8"))
