"""Shares of processor time, computed by hand."""

from pollsters.host.shares import Share, added, elapsed, share, total

BEFORE = {"user": 100.0, "system": 50.0, "idle": 800.0, "iowait": 10.0, "guest": 20.0}
AFTER = {"user": 103.0, "system": 51.0, "idle": 805.0, "iowait": 11.0, "guest": 22.0}


def test_it_counts_guests_once() -> None:
    assert total(BEFORE) == 960


def test_it_tells_work_from_idling_and_from_waiting() -> None:
    assert share(BEFORE, AFTER) == Share(busy=40.0, idle=50.0)


def test_it_lets_a_counter_that_runs_backwards_stand_still() -> None:
    assert share(BEFORE, {**AFTER, "iowait": 9.0}) == Share(busy=44.44, idle=55.56)


def test_it_calls_a_stretch_without_time_idle() -> None:
    assert share(BEFORE, BEFORE) == Share(busy=0.0, idle=100.0)


def test_it_adds_up_cores() -> None:
    assert added([BEFORE, AFTER])["user"] == 203


def test_it_measures_the_stretch_by_the_counters_themselves() -> None:
    assert elapsed([BEFORE, BEFORE], [AFTER, BEFORE]) == 5
    assert elapsed([], [AFTER]) == 0
    assert elapsed([BEFORE], [AFTER, AFTER]) == 0
