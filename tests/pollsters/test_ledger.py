"""The ledger: who may poll what, when, and how a poll ends; on both databases."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from pollsters import ledger
from pollsters.ledger import LEASE, StaleRun
from pollsters.models import PollJob
from pollsters.sources import Source

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
HOST = Source("host", 60, ("*",))


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def job(source: str = "host") -> PollJob:
    return PollJob.objects.get(source=source)


def begun(now: datetime = NOON) -> ledger.Run:
    """A run of the source `host`, claimed and begun."""
    ledger.sync([HOST], now)
    ((job_id, generation),) = ledger.claim(now)
    run = ledger.begin(job_id, generation, now)
    assert run is not None
    return run


def test_it_makes_a_new_source_due_at_once() -> None:
    run = begun(NOON + seconds(45.7))
    assert run.slot == NOON + seconds(45)


def test_it_puts_the_second_slot_on_the_grid() -> None:
    ledger.succeed(begun(NOON + seconds(45.7)), NOON)
    assert job().next_due == NOON + seconds(60)


def test_it_finds_nothing_at_a_doubled_tick() -> None:
    ledger.sync([HOST], NOON)
    assert len(ledger.claim(NOON)) == 1
    assert ledger.claim(NOON) == []


def test_it_claims_all_that_is_due_in_two_statements(
    django_assert_num_queries: Any,
) -> None:
    ledger.sync([Source(f"s{n}", 60, ("*",)) for n in range(50)], NOON)
    with django_assert_num_queries(2):
        claimed = ledger.claim(NOON)
    assert len(claimed) == 50


def test_it_leaves_a_followed_plan_alone(
    django_assert_num_queries: Any,
) -> None:
    ledger.sync([HOST], NOON)
    with django_assert_num_queries(1):
        ledger.sync([HOST], NOON)


def test_it_claims_nothing_that_is_not_due() -> None:
    ledger.succeed(begun(), NOON)
    assert ledger.claim(NOON + seconds(59.9)) == []
    assert len(ledger.claim(NOON + seconds(60))) == 1


@pytest.mark.parametrize("field", ["enabled", "listed"])
def test_it_claims_nothing_that_is_off(field: str) -> None:
    ledger.sync([HOST], NOON)
    PollJob.objects.update(**{field: False})
    assert ledger.claim(NOON) == []


def test_it_gives_a_lost_run_to_another_when_the_lease_ends() -> None:
    begun()
    assert ledger.claim(NOON + LEASE) == []
    ((_, generation),) = ledger.claim(NOON + LEASE + seconds(1))
    assert generation == 2
    assert job().lost == 1


def test_it_parks_nothing_after_three_lost_runs_and_forgets_them_at_the_next_end() -> None:
    ledger.sync([HOST], NOON)
    for turn in range(4):
        ((job_id, generation),) = ledger.claim(NOON + turn * (LEASE + seconds(1)))
    assert job().lost == 3
    run = ledger.begin(job_id, generation, NOON)
    assert run is not None
    ledger.succeed(run, NOON)
    assert job().lost == 0


def test_it_begins_no_run_that_another_has_taken_over() -> None:
    run = begun()
    ledger.claim(NOON + LEASE + seconds(1))
    assert ledger.begin(run.job_id, run.generation, NOON) is None


def test_it_ends_no_run_that_another_has_taken_over() -> None:
    run = begun()
    ledger.claim(NOON + LEASE + seconds(1))
    with pytest.raises(StaleRun):
        ledger.succeed(run, NOON)
    with pytest.raises(StaleRun):
        ledger.fail(run, "too late")
    assert job().last_ok is None


def test_it_ends_a_run_once() -> None:
    run = begun()
    ledger.succeed(run, NOON)
    with pytest.raises(StaleRun):
        ledger.succeed(run, NOON)
    assert ledger.begin(run.job_id, run.generation, NOON) is None


def test_it_skips_and_counts_the_slots_of_an_outage() -> None:
    ledger.succeed(begun(), NOON)
    run = begun(NOON + seconds(630))
    assert (run.due, run.slot) == (NOON + seconds(60), NOON + seconds(630))
    ledger.succeed(run, NOON + seconds(631))
    assert (job().missed, job().next_due) == (10, NOON + seconds(660))


def test_it_does_not_drift_when_every_poll_begins_late() -> None:
    for minute in range(5):
        run = begun(NOON + seconds(60 * minute + 7.5 * (minute > 0)))
        assert run.slot == NOON + seconds(60 * minute)
        ledger.succeed(run, NOON)
    assert job().missed == 0


def test_it_makes_a_failed_source_due_at_its_next_slot() -> None:
    ledger.fail(begun(), "The node is away.")
    row = job()
    assert (row.failures, row.last_error, row.last_ok) == (1, "The node is away.", None)
    assert (row.lease_until, row.next_due) == (None, NOON + seconds(60))


def test_it_keeps_the_last_success_through_a_failure_and_forgets_the_failure_after() -> None:
    ledger.succeed(begun(), NOON)
    ledger.fail(begun(NOON + seconds(60)), "away")
    assert job().last_ok == NOON
    ledger.succeed(begun(NOON + seconds(120)), NOON + seconds(121), unavailable="No disks.")
    row = job()
    assert (row.failures, row.last_error, row.unavailable) == (0, "", "No disks.")


def test_it_leaves_a_source_alone_that_is_gone_and_takes_it_up_again() -> None:
    ledger.sync([HOST], NOON)
    ledger.sync([], NOON)
    assert job().listed is False
    ledger.sync([HOST], NOON)
    assert job().listed is True


@pytest.mark.parametrize(("interval", "due"), [(10, 10), (600, 60)])
def test_it_respects_a_changed_interval(interval: int, due: int) -> None:
    ledger.succeed(begun(), NOON)
    ledger.sync([Source("host", interval, ("*",))], NOON + seconds(1))
    assert (job().interval, job().next_due) == (interval, NOON + seconds(due))


def test_it_recovers_from_a_clock_that_was_a_day_ahead() -> None:
    ledger.succeed(begun(NOON + timedelta(days=1)), NOON)
    ledger.sync([HOST], NOON)
    assert job().next_due == NOON + seconds(60)


def test_it_runs_now_what_is_on_and_not_being_polled() -> None:
    ledger.succeed(begun(), NOON)
    ledger.sync([HOST, Source("off", 60, ("*",))], NOON)
    PollJob.objects.filter(source="off").update(enabled=False)
    keys = list(PollJob.objects.values_list("pk", flat=True))
    assert ledger.run_now(keys, NOON + seconds(20.5)) == 1
    run = begun(NOON + seconds(21))
    assert run.slot == NOON + seconds(20)
    ledger.succeed(run, NOON)
    assert job().next_due == NOON + seconds(60)


@pytest.mark.django_db(transaction=True)
def test_it_gives_a_due_row_to_exactly_one_of_two_that_claim_at_once() -> None:
    rounds = [claimed_at_once(NOON + n * (LEASE + seconds(1))) for n in range(10)]
    assert [len(claims) for claims in rounds] == [1] * 10


def claimed_at_once(now: datetime) -> list[tuple[int, int]]:
    ledger.sync([HOST], now)
    claims: list[tuple[int, int]] = []
    barrier = Barrier(4)

    def claim() -> None:
        barrier.wait(timeout=10)
        try:
            claims.extend(ledger.claim(now))
        finally:
            connection.close()

    threads = [Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return claims
