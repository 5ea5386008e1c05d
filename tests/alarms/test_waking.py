from threading import Event

from alarms import waking
from tests.waiting import until


def test_it_wakes_from_a_thread_and_one_at_a_time() -> None:
    going, release = Event(), Event()
    sent: list[int] = []

    def slow() -> None:
        going.set()
        release.wait(10)
        sent.append(1)

    waking.wake(slow)
    assert going.wait(10)
    waking.wake(lambda: sent.append(2))  # one is on its way
    release.set()
    until(lambda: sent == [1] and not waking.busy(), "the thread is done")
    waking.wake(lambda: sent.append(3))
    until(lambda: sent == [1, 3], "the next one is sent")


def test_a_broker_that_is_away_does_no_harm() -> None:
    tried = Event()

    def fail() -> None:
        tried.set()
        raise OSError("no broker")

    waking.wake(fail)
    assert tried.wait(10)
    until(lambda: not waking.busy(), "the thread is done")
