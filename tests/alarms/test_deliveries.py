"""The ledger of actions: who may run what, when, and how that ends; on both databases."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from alarms import deliveries
from alarms.actions.action import ActionError
from alarms.deliveries import LONGEST_PAUSE
from alarms.models import Delivery
from tests.alarms.owed import make_delivery, reread
from tests.factories import MOMENT
from tests.statements import sent

pytestmark = pytest.mark.django_db

LEASE = timedelta(seconds=20)
SECOND = timedelta(seconds=1)


def due(after: timedelta = timedelta(0), most: int = 64, **named: Any) -> list[int]:
    return [row.pk for row in deliveries.due(MOMENT + after, most, **named)]


def claimed(after: timedelta = timedelta(0)) -> list[Delivery]:
    now = MOMENT + after
    return deliveries.claim(deliveries.due(now, 64), now, LEASE)


def test_it_knows_whom_a_row_calls_however_it_is_written() -> None:
    row = make_delivery("https://u:p@Heat.example/a?b")
    assert reread(row).target == "https://heat.example:443"
    row.pk, row.delivery_id = None, "another"
    row.action = "http://h/"
    Delivery.objects.bulk_create([row])
    assert Delivery.objects.get(delivery_id="another").target == "http://h:80"


def test_it_finds_what_is_due_the_longest_due_first() -> None:
    late = make_delivery(alarm_id="late", next_try=MOMENT - SECOND)
    now = make_delivery(alarm_id="now")
    make_delivery(alarm_id="soon", next_try=MOMENT + SECOND)
    for status in (Delivery.ARRIVED, Delivery.FAILED, Delivery.SILENCED):
        make_delivery(alarm_id=status, status=status)
    assert due() == [late.pk, now.pk]
    assert due(most=1) == [late.pk]


def test_it_finds_one_that_names_no_time() -> None:
    row = make_delivery(next_try=None)
    assert due() == [row.pk]


def test_it_leaves_targets_out() -> None:
    one, two = make_delivery("http://one/"), make_delivery("http://two/")
    assert due(without=["http://one:80"]) == [two.pk]
    assert due(only=["http://one:80"]) == [one.pk]
    assert due(only=[]) == []


def test_it_keeps_the_order_of_an_alarm_and_action() -> None:
    first, second = make_delivery(), make_delivery()
    other = make_delivery("test://other")
    another = make_delivery(alarm_id="a-2")
    assert due() == [first.pk, other.pk, another.pk]
    for row in claimed():
        deliveries.put_off(row, "later", MOMENT + 10 * SECOND)
    assert due() == []  # what is younger waits, although nobody has tried it
    assert reread(second).next_try == MOMENT + 10 * SECOND
    (row, *_) = claimed(10 * SECOND)
    assert due(11 * SECOND) == []
    deliveries.failed(row, "never", MOMENT)
    assert due(11 * SECOND) == [second.pk]


def test_it_gives_a_row_to_one_until_the_lease_ends() -> None:
    make_delivery()
    (row,) = claimed()
    assert (row.attempts, row.generation) == (1, 1)
    assert claimed() == claimed(LEASE) == []
    (again,) = claimed(LEASE + SECOND)
    assert (again.pk, again.delivery_id) == (row.pk, row.delivery_id)
    assert (again.attempts, again.generation) == (2, 2)


def test_it_gives_a_row_that_two_have_seen_to_one() -> None:
    make_delivery()
    mine, others = deliveries.due(MOMENT, 1), deliveries.due(MOMENT, 1)
    assert len(deliveries.claim(mine, MOMENT, LEASE)) == 1
    assert deliveries.claim(others, MOMENT, LEASE) == []


def test_it_does_not_run_again_what_has_ended_meanwhile() -> None:
    make_delivery()
    seen = deliveries.due(MOMENT, 1)
    (row,) = claimed()
    deliveries.arrived(row, "fine", MOMENT)
    assert deliveries.claim(seen, MOMENT, LEASE) == []


def test_it_ends_what_has_arrived() -> None:
    make_delivery()
    (row,) = claimed()
    assert deliveries.arrived(row, "x" * 1_000, MOMENT + SECOND)
    row = reread(row)
    assert (row.status, row.attempts, row.ended_at) == (Delivery.ARRIVED, 1, MOMENT + SECOND)
    assert (row.answer, row.next_try, row.lease_until) == ("x" * 300, None, None)


def test_it_writes_nothing_for_one_that_another_has_taken_over() -> None:
    row = make_delivery()
    (slow,) = claimed()
    claimed(LEASE + SECOND)
    assert not deliveries.arrived(slow, "too late", MOMENT)
    assert not deliveries.failed(slow, "too late", MOMENT)
    assert not deliveries.put_off(slow, "too late", MOMENT)
    row = reread(row)
    assert (row.status, row.generation, row.answer) == (Delivery.WAITING, 2, "")


def test_it_ends_a_try_once() -> None:
    make_delivery()
    (row,) = claimed()
    assert deliveries.put_off(row, "later", MOMENT)
    assert not deliveries.arrived(row, "after all", MOMENT)


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(1, 2), (2, 4), (3, 8), (9, 512), (10, 600), (5_000, 600)]
)
def test_it_waits_longer_each_time_give_or_take_a_tenth(attempt: int, seconds: int) -> None:
    pauses = [
        deliveries.pause(attempt, ActionError("")).total_seconds() / seconds for _ in range(100)
    ]
    assert 0.9 <= min(pauses) < max(pauses) <= 1.1


def test_it_leaves_a_target_alone_as_long_as_that_asks_for() -> None:
    def pause(seconds: float) -> timedelta:
        return deliveries.pause(1, ActionError("", after=timedelta(seconds=seconds)))

    assert pause(90) == timedelta(seconds=90)
    assert pause(1) > SECOND
    assert pause(90_000) == LONGEST_PAUSE


def test_it_tries_again_what_has_failed() -> None:
    row, other = make_delivery(), make_delivery(alarm_id="a-2")
    (mine, _) = claimed()
    deliveries.failed(mine, "gone", MOMENT)
    assert deliveries.retry([row.pk, other.pk], MOMENT + SECOND) == 1
    row = reread(row)
    assert (row.status, row.attempts, row.ended_at) == (Delivery.WAITING, 0, None)
    assert due(SECOND) == [row.pk]


def test_it_says_what_came_of_changes() -> None:
    first, second = make_delivery(change="c-1"), make_delivery("test://other", change="c-1")
    make_delivery(change="c-2")
    make_delivery()
    assert deliveries.results(["c-1", "c-3"]) == {"c-1": [first, second]}


def test_it_asks_two_questions_for_all_that_is_due() -> None:
    for number in range(20):
        make_delivery(alarm_id=str(number))
        make_delivery(alarm_id=str(number))
    with sent() as asked:
        assert len(due()) == 20
    assert len(asked) == 2


def test_it_finds_what_is_due_behind_many_that_have_to_wait_for_another() -> None:
    make_delivery(next_try=MOMENT + SECOND)
    for _ in range(30):
        make_delivery()
    rows = [make_delivery(alarm_id=name) for name in ("a-2", "a-3", "a-4")]
    assert due(most=2) == [row.pk for row in rows[:2]]


def test_it_says_which_repetitions_wait() -> None:
    make_delivery(change="c-1")
    make_delivery(alarm_id="a-2")
    make_delivery("test://other", alarm_id="a-2")
    make_delivery(alarm_id="a-3", status=Delivery.ARRIVED)
    assert deliveries.repetitions() == {("a-2", "test://kept"), ("a-2", "test://other")}


@pytest.mark.django_db(transaction=True)
def test_it_gives_each_row_to_exactly_one_of_four_that_claim_at_once() -> None:
    for number in range(20):
        make_delivery(alarm_id=str(number))
    found = claimed_at_once()
    assert sorted(found) == sorted(Delivery.objects.values_list("pk", flat=True))
    assert set(Delivery.objects.values_list("generation", flat=True)) == {1}


def claimed_at_once() -> list[int]:
    found: list[int] = []
    barrier = Barrier(4)

    def claim() -> None:
        barrier.wait(timeout=10)
        try:
            found.extend(row.pk for row in claimed())
        finally:
            connection.close()

    threads = [Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return found
