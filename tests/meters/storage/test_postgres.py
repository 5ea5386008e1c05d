"""What only PostgreSQL does: partitions left out, probes that stop, names made by two at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connection, connections, transaction

from meters.models import Series
from meters.selection import Bound, MeterQuery, ResourceQuery, SampleQuery, Selection
from meters.statistics import StatisticsQuery
from meters.storage.store import store
from telemetry_site.core.query.tree import Compare
from tests.factories import make_sample
from tests.keeping import keep
from tests.statements import sent

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

DAY = timedelta(days=1)
NOW = datetime.now(UTC)


def plans(ask: Any) -> str:
    """What PostgreSQL plans for the statements of a question."""
    found: list[str] = []

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "sample" in sql and "pg_" not in sql:
            execute(f"EXPLAIN {sql}", params, many, context)
            found.extend(line for (line,) in context["cursor"].cursor.fetchall())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        ask()
    return "\n".join(found)


@pytest.fixture
def month() -> None:
    """A sample a day, and one in DEFAULT."""
    times = [NOW - n * DAY for n in range(30)] + [NOW - 5000 * DAY]
    keep([make_sample(n, time) for n, time in enumerate(times)])


def day(days: int) -> str:
    return f"sample_{NOW - days * DAY:%Y%m%d}"


@pytest.mark.usefixtures("month")
def test_bounds_leave_partitions_out() -> None:
    selection = Selection(
        start=Bound(NOW - 10 * DAY, inclusive=True), end=Bound(NOW - 8 * DAY, inclusive=True)
    )
    for ask in (
        lambda: store().statistics(StatisticsQuery(selection, 600)),
        lambda: list(store().samples(SampleQuery(selection))),
        lambda: store().resources(ResourceQuery(selection)),
    ):
        plan = plans(ask)
        assert day(9) in plan
    for ask in (
        lambda: store().statistics(StatisticsQuery(selection, 600, NOW)),
        lambda: list(store().samples(SampleQuery(selection))),
    ):
        plan = plans(ask)
        assert not [n for n in (0, 5, 12, 29) if day(n) in plan]
        assert "sample_default" not in plan


@pytest.mark.usefixtures("month")
def test_the_newest_samples_are_read_from_the_newest_partitions() -> None:
    plan = plans(lambda: list(store().samples(SampleQuery(limit=1))))
    assert day(0) in plan
    assert not [n for n in (3, 10, 29) if day(n) in plan]


def test_an_equality_of_metadata_uses_the_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    where = Compare("metadata", "=", "x", ("a", "b"))
    assert "snapshot_body" in plans(lambda: list(store().samples(SampleQuery(Selection(where)))))


@pytest.mark.django_db(transaction=True)
def test_a_duplicate_sends_the_batch_through_staging_and_spoils_no_transaction() -> None:
    old, new = make_sample(timestamp=NOW), make_sample(timestamp=NOW)
    keep([old])
    with transaction.atomic(), sent() as statements:
        assert store().record([old, new]) == 1
        assert Series.objects.count() == 1
    taken = [text.split()[0] for text in statements if "SELECT" not in text]
    assert taken == ["SAVEPOINT", "COPY", "ROLLBACK", "COPY", "INSERT", "INSERT"]
    assert keep([old, new]) == 0


def test_looking_for_one_sample_leaves_the_planner_as_it_was() -> None:
    store().sample(SampleQuery(Selection(Compare("message_id", "=", "x"))))
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)


@pytest.mark.django_db(transaction=True)
def test_two_transactions_that_make_the_same_names_agree() -> None:
    made, go_on = Event(), Event()
    names = [f"vm-{n}" for n in range(20)]

    def slow() -> int:
        def wait() -> None:
            made.set()
            go_on.wait(10)

        try:
            return keep([make_sample(resource=name) for name in names], closing=wait)
        finally:
            connections.close_all()

    def fast() -> int:
        try:
            return keep([make_sample(resource=name) for name in reversed(names)])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(slow)
        made.wait(10)
        second = pool.submit(fast)
        go_on.set()
        assert (first.result(20), second.result(20)) == (20, 20)
    assert Series.objects.count() == 20
    assert len(store().meters(MeterQuery())) == 20
