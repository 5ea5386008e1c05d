"""What is due every so many seconds."""

from itertools import islice

from telemetry_site.core.messaging.pace import Every, pauses


def test_it_is_due_at_once_and_then_once_in_that_time() -> None:
    every = Every(5.0)
    assert [every.is_due(now) for now in (10.0, 10.1, 14.9, 15.0, 15.1, 31.0, 32.0)] == [
        True, False, False, True, False, True, False,
    ]  # fmt: skip


def test_pauses_grow_to_the_longest() -> None:
    assert list(islice(pauses(0.5, 5.0), 6)) == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0]
