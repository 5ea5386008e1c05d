from collections.abc import Iterator
from threading import Event

import pytest
from django.conf import LazySettings

from alarms import waking
from tests.waiting import until

SENT: list[str] = []
GOING, RELEASE = Event(), Event()


def slow(task: str) -> None:
    GOING.set()
    RELEASE.wait(10)
    SENT.append(task)


def fail(task: str) -> None:
    GOING.set()
    raise OSError("no broker")


@pytest.fixture(autouse=True)
def _idle() -> Iterator[None]:
    SENT.clear()
    GOING.clear()
    RELEASE.clear()
    yield
    RELEASE.set()
    until(lambda: not waking.busy(), "the thread is done")


def test_it_wakes_from_a_thread_and_one_at_a_time(settings: LazySettings) -> None:
    settings.SEND_TASK = "tests.alarms.test_waking.slow"
    waking.wake("first")
    assert GOING.wait(10)
    waking.wake("second")  # one is on its way
    RELEASE.set()
    until(lambda: SENT == ["first"] and not waking.busy(), "the thread is done")
    waking.wake("third")
    until(lambda: SENT == ["first", "third"], "the next one is sent")


def test_a_broker_that_is_away_does_no_harm(settings: LazySettings) -> None:
    settings.SEND_TASK = "tests.alarms.test_waking.fail"
    waking.wake("first")
    assert GOING.wait(10)
    until(lambda: not waking.busy(), "the thread is done")
