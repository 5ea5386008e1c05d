"""Addresses of publishers and their options."""

import pytest

from telemetry_site.core.publishers.address import (
    Address,
    BadAddress,
    redacted,
    seconds,
    truth,
    whole,
)


def test_it_is_taken_apart() -> None:
    address = Address("http://me:p%3Aw@host:81/a/b?x=1&timeout=2&x=3")
    assert (address.scheme, address.host, address.port, address.path) == (
        "http",
        "host",
        81,
        "/a/b",
    )
    assert (address.username, address.password) == ("me", "p:w")
    assert address.option("timeout", seconds, 5.0) == 2.0
    assert address.query == "x=1&x=3"
    assert address.option("x", whole, 0) == 3
    assert address.left == []


def test_a_scheme_alone_is_enough() -> None:
    assert Address("notifier").text == "notifier://"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://me:secret@host/x", "http://me:…@host/x"),
        ("http://host/x?password=secret&a=b", "http://host/x?password=…&a=b"),
        ("udp://[::1]:9", "udp://[::1]:9"),
        ("database://", "database://"),
        ("file:///var/x?json", "file:///var/x?json="),
    ],
)
def test_no_secret_is_shown(url: str, shown: str) -> None:
    assert redacted(url) == str(Address(url)) == shown


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://host:port/", "is no URL"),
        ("http://host/?n=-1", "option n cannot be '-1': it must be a whole number"),
        ("http://host/?s=0", "option s cannot be '0': it must be a number of seconds above 0"),
        ("http://host/?t=maybe", "option t cannot be 'maybe': it must be one of"),
    ],
)
def test_what_cannot_be_read(url: str, why: str) -> None:
    with pytest.raises(BadAddress, match=why):
        address = Address(url)
        address.option("n", whole, 0)
        address.option("s", seconds, 1.0)
        address.option("t", truth, False)
