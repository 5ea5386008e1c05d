"""From rows to receivers that are well, away, slow or strange."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from threading import Event

import pytest
from django.conf import LazySettings
from django.db import DatabaseError
from django.db.models import F

from alarms import deliveries, sending
from alarms.actions import memory
from alarms.models import Delivery
from alarms.slots import Slots
from tests.alarms.calls import options
from tests.alarms.owed import make_delivery, reread
from tests.factories import MOMENT
from tests.receiver import Receiver, receiver
from tests.servers import free_port
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _sender(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> Iterator[None]:
    """One that knows no targets; nothing of it goes on after the test."""
    monkeypatch.setattr(sending, "_slots", Slots(sending.MOST))
    settings.TELEMETRY = options(ACTION_ATTEMPTS=3)
    yield
    assert sending.settle(30)
    memory.forget()


def work_off() -> int:
    """All of it, to the last call."""
    begun = sending.work_off()
    assert sending.settle(30)
    return begun


def later() -> None:
    """All pauses are over."""
    Delivery.objects.filter(next_try__isnull=False).update(next_try=MOMENT)


def ids(there: Receiver) -> list[str]:
    return [request.headers["x-telemetry-delivery"] for request in there.requests]


def attempts(there: Receiver) -> list[str]:
    return [request.headers["x-telemetry-attempt"] for request in there.requests]


def test_it_runs_what_is_due_and_keeps_what_was_answered() -> None:
    with receiver() as there:
        row = make_delivery(there.url())
        assert work_off() == 1
        assert work_off() == 0
    row = reread(row)
    assert (row.status, row.attempts, row.answer) == ("arrived", 1, "It answered 200: ok")
    assert ids(there) == [row.delivery_id]
    assert there.requests[0].body.decode() == row.body


def test_it_tries_again_with_the_same_id() -> None:
    with receiver() as there:
        there.answers = [500, 200]
        row = make_delivery(there.url())
        assert work_off() == 1
        row = reread(row)
        assert (row.status, row.answer, row.lease_until) == (
            "waiting", "It answered 500: ok", None,
        )  # fmt: skip
        assert row.next_try is not None
        assert row.next_try > row.made_at
        assert work_off() == 0  # it is given two seconds
        later()
        assert work_off() == 1
    assert ids(there) == [row.delivery_id] * 2
    assert attempts(there) == ["1", "2"]
    assert reread(row).status == "arrived"


def test_it_gives_up_what_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    with receiver() as there:
        there.answers = [404]
        row = make_delivery(f"{there.url()}?Signature=s3cret")
        work_off()
        later()
        assert work_off() == 0
    row = reread(row)
    assert (row.status, row.answer, row.next_try) == ("failed", "It answered 404: ok", None)
    (record,) = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert record.getMessage() == (
        f"Action http://127.0.0.1:{there.port}/in?… of the alarm a-1 has failed for good: "
        "It answered 404: ok"
    )


def test_it_gives_up_after_so_many_tries(caplog: pytest.LogCaptureFixture) -> None:
    row = make_delivery(f"http://127.0.0.1:{free_port()}/")
    for _ in range(3):
        assert work_off() == 1
        later()
    assert work_off() == 0
    row = reread(row)
    assert (row.status, row.attempts) == ("failed", 3)
    assert row.answer == "It cannot be reached: Connection refused."
    assert len([one for one in caplog.records if one.levelno >= logging.WARNING]) == 1


def test_it_goes_on_from_the_first_try_when_it_is_told_to() -> None:
    with receiver() as there:
        there.answers = [404]
        row = make_delivery(there.url())
        work_off()
        deliveries.retry([row.pk], MOMENT)
        work_off()
    assert ids(there) == [row.delivery_id] * 2
    assert reread(row).status == "arrived"


@pytest.mark.parametrize(
    ("action", "body"), [("ftp://h/", "{}"), ("log://", "{}"), ("", "{}"), ("http://[::1", "{}")]
)
def test_it_gives_up_what_nobody_can_run(action: str, body: str) -> None:
    row = make_delivery(action, body=body)
    work_off()
    assert reread(row).status == "failed"
    assert reread(row).answer.startswith("It cannot be run: ")


def test_it_survives_an_action_with_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: object, call: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(memory.Memory, "run", broken)
    row = make_delivery()
    work_off()
    row = reread(row)
    assert row.status == "waiting"
    assert row.answer == "It failed unexpectedly: ZeroDivisionError; the log has more."


def test_it_repeats_what_could_not_be_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*words: object) -> bool:
        raise DatabaseError

    row = make_delivery()
    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "arrived", away)
        work_off()
    assert work_off() == 0
    Delivery.objects.update(lease_until=F("lease_until") - timedelta(minutes=1))
    work_off()
    assert [call.delivery_id for call in memory.kept("test://kept")] == [row.delivery_id] * 2
    assert reread(row).status == "arrived"


def test_it_keeps_the_order_of_an_alarm_and_action() -> None:
    with receiver() as there:
        there.answers = [200, 500]
        rows = [make_delivery(there.url()) for _ in range(6)]
        work_off()
        assert ids(there) == [row.delivery_id for row in rows[:2]]
        later()
        work_off()
    assert ids(there) == [rows[place].delivery_id for place in (0, 1, 1, 2, 3, 4, 5)]


def test_it_works_off_far_more_than_there_are_slots() -> None:
    with receiver() as there:
        for number in range(150):
            make_delivery(there.url(), alarm_id=str(number))
        for number in range(150):
            make_delivery("test://kept", alarm_id=str(number))
        assert work_off() == 300
    assert len(set(ids(there))) == 150
    assert len(memory.kept("test://kept")) == 150
    assert set(Delivery.objects.values_list("status", "attempts")) == {("arrived", 1)}


def test_a_target_gets_two_calls_at_once() -> None:
    with receiver() as there:
        there.hanging = Event()
        for number in range(10):
            make_delivery(there.url(), alarm_id=str(number))
        assert sending.work_off() == 2
        until(lambda: there.connections == 2, "both are there")
        assert sending.work_off() == 0
        there.hanging.set()
        assert sending.settle(30)
        assert work_off() == 8


def test_a_slow_target_delays_nobody_else() -> None:
    with receiver() as slow, receiver() as quick:
        slow.hanging = Event()
        for number in range(200):
            make_delivery(slow.url(), alarm_id=f"slow {number}")
        for number in range(50):
            make_delivery(quick.url(), alarm_id=f"quick {number}")
        sending.work_off()
        until(lambda: len(quick.requests) == 50, "all of the quick one's have arrived")
        assert slow.requests == []
        assert slow.connections == 2
        slow.hanging.set()
        assert sending.settle(30)
        Delivery.objects.filter(action=slow.url()).delete()


def test_many_slow_targets_leave_slots_to_those_that_are_quick() -> None:
    with receiver() as quick, ExitStack() as stack:
        make_delivery(quick.url())
        work_off()
        slow = [stack.enter_context(receiver()) for _ in range(20)]
        let_go = Event()
        for one in slow:
            one.hanging = let_go
            for number in range(3):
                make_delivery(one.url(), alarm_id=str(number))
        for number in range(40):
            make_delivery(quick.url(), alarm_id=f"quick {number}")
        sending.work_off()
        until(lambda: len(quick.requests) == 41, "all of the quick one's have arrived")
        assert sum(len(one.requests) for one in slow) == 0
        assert sum(one.connections for one in slow) <= sending.MOST // 2
        Delivery.objects.filter(status="waiting", lease_until=None).delete()
        let_go.set()
        assert sending.settle(30)


def test_one_of_this_process_is_enough() -> None:
    make_delivery()
    with sending._working:
        assert sending.work_off() == 0
    assert work_off() == 1
