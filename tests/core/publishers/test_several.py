"""Requests of one parcel."""

from collections.abc import Callable

import pytest

from telemetry_site.core.publishers.publisher import PublishError
from telemetry_site.core.publishers.several import send_each

made: list[str] = []


@pytest.fixture(autouse=True)
def nothing_made() -> None:
    """Before each test."""
    made.clear()


def request(name: str, permanent: bool | None = None) -> Callable[[], None]:
    """One that is noted, and fails unless `permanent` is None."""

    def make() -> None:
        made.append(name)
        if permanent is not None:
            raise PublishError(f"{name} failed", permanent=permanent)

    return make


def test_refused_ones_are_told_at_the_end() -> None:
    with pytest.raises(PublishError, match=r"^2 of 4 requests were refused, the first: b") as told:
        send_each([request("a"), request("b", True), request("c"), request("d", True)])
    assert told.value.permanent
    assert made == ["a", "b", "c", "d"]


def test_one_alone_speaks_for_itself() -> None:
    with pytest.raises(PublishError, match=r"^a failed$") as told:
        send_each([request("a", True)])
    assert told.value.permanent


def test_what_may_be_tried_again_ends_it() -> None:
    with pytest.raises(PublishError, match=r"^b failed$") as told:
        send_each([request("a", True), request("b", False), request("c")])
    assert not told.value.permanent
    assert made == ["a", "b"]


def test_none_are_no_error() -> None:
    send_each([])
