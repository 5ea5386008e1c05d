"""When a child is started again."""

from telemetry_site.supervisor.restarts import Restarts


def test_it_waits_longer_after_each_failure() -> None:
    restarts = Restarts()
    assert [restarts.after(at, at + 1) for at in (0, 10, 20, 30)] == [0.5, 1.0, 2.0, 4.0]


def test_five_failures_within_a_minute_are_a_crash_loop() -> None:
    restarts = Restarts()
    answers = [restarts.after(at, at + 1) for at in (0, 10, 20, 30, 40)]
    assert answers[-1] is None


def test_it_never_waits_longer_than_half_a_minute() -> None:
    restarts = Restarts()
    delays = [restarts.after(at, at + 1) for at in range(0, 400, 40)]
    assert delays[-1] == 30.0


def test_a_child_that_lived_for_a_minute_begins_anew() -> None:
    restarts = Restarts()
    for at in (0, 10, 20, 30):
        restarts.after(at, at + 1)
    assert restarts.after(40, 100) == 0.5
