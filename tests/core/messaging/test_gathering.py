"""When what has been gathered is ripe, and how it is cut into portions."""

import pytest

from telemetry_site.core.messaging import gathering
from telemetry_site.core.messaging.delivery import Delivery
from telemetry_site.core.messaging.gathering import Gathering


def gather(*bodies: bytes, most: int = 3, wait: float = 0.2) -> Gathering:
    """The messages have tags from 1 and come a tenth of a second apart, from 100.0 on."""
    made = Gathering(most, wait)
    for tag, body in enumerate(bodies, start=1):
        made.add(tag, Delivery(body, "q"), 100.0 + (tag - 1) * 0.1)
    return made


def bodies(portion: tuple[int, list[Delivery]]) -> tuple[int, list[bytes]]:
    tag, deliveries = portion
    return tag, [delivery.body for delivery in deliveries]


def test_nothing_is_never_ripe() -> None:
    assert not gather().is_ripe(1e9)


def test_it_is_ripe_once_the_oldest_has_waited() -> None:
    found = gather(b"a", b"b")
    assert not found.is_ripe(100.19)
    assert found.is_ripe(100.21)


def test_it_is_ripe_at_once_when_there_are_enough() -> None:
    found = gather(b"a", b"b", b"c")
    assert found.is_full()
    assert found.is_ripe(100.0)


def test_it_is_cut_into_portions_in_the_order_of_arrival() -> None:
    found = gather(b"a", b"b", b"c", b"d")
    assert bodies(found.take(100.3)) == (3, [b"a", b"b", b"c"])
    assert len(found) == 1
    assert not found.is_full()
    assert bodies(found.take(100.3)) == (4, [b"d"])
    assert len(found) == 0


def test_what_is_left_waits_from_then_on() -> None:
    found = gather(b"a", b"b", b"c", b"d")
    found.take(100.5)
    assert not found.is_ripe(100.6)
    assert found.is_ripe(100.8)


def test_a_portion_is_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_BYTES", 10)
    found = gather(b"1234", b"12345", b"12", b"123456789012", b"1", most=100)
    assert found.is_full()
    assert bodies(found.take(0)) == (2, [b"1234", b"12345"])
    assert found.is_full()
    assert bodies(found.take(0)) == (3, [b"12"])
    assert bodies(found.take(0)) == (4, [b"123456789012"])
    assert not found.is_full()
    assert bodies(found.take(0)) == (5, [b"1"])
