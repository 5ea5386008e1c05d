"""Day partitions: made in time, for late days too, and rows of DEFAULT moved into them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event

import pytest
from django.db import connection, connections, transaction

from meters.models import StoredSample
from meters.storage.closing import close_days
from meters.storage.partitioned import SAMPLES, TABLES
from meters.storage.store import store
from telemetry_site.core.storage import partitions
from telemetry_site.core.storage.sql import Sql, run
from tests.factories import make_sample
from tests.keeping import keep
from tests.statements import sent

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _no_partitions() -> Iterator[None]:
    drop()
    yield
    drop()


def drop() -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            for name in partitions.names(table) - {table.default}:
                cursor.execute(f"DROP TABLE {name}")
    partitions.forget()


def rows() -> dict[str, int]:
    """How many rows each partition has."""
    return {
        name: run(Sql(f"SELECT count(*) FROM {name}"))[0][0]
        for name in sorted(partitions.names(SAMPLES))
    }


def test_it_makes_the_days_ahead() -> None:
    partitions.make_ahead(TABLES, NOW)
    expected = ["sample_20260301", "sample_20260302", "sample_20260303", "sample_default"]
    assert list(rows()) == expected
    with sent() as statements:
        partitions.make_ahead(TABLES, NOW)
    assert not [text for text in statements if text.startswith(("CREATE", "SET", "LOCK"))]


def test_it_makes_the_days_that_samples_need_and_no_wilder_ones() -> None:
    days = (-40_000, -731, -730, -3, 0, 2, 3, 3000)
    partitions.make_for(SAMPLES, [NOW + days * DAY for days in days], NOW)
    expected = ["sample_20240301", "sample_20260226", "sample_20260301", "sample_20260303"]
    assert list(rows()) == [*expected, "sample_default"]


def test_a_late_batch_finds_its_partitions_and_a_wild_one_default() -> None:
    now = datetime.now(UTC)
    times = [now, now - 30 * DAY, now - 700 * DAY, now + 3000 * DAY, now - 9000 * DAY]
    assert keep([make_sample(timestamp=time) for time in times]) == 5
    assert rows() == {
        **{SAMPLES.partition(time.date()): 1 for time in times[:3]},
        "sample_default": 2,
    }


def test_many_days_at_once_are_made_in_several_transactions() -> None:
    partitions.make_for(SAMPLES, [NOW - n * DAY for n in range(70)], NOW)
    assert len(rows()) == 71


def test_rows_of_default_move_into_the_partition_of_their_day() -> None:
    early, late = make_sample(timestamp=NOW), make_sample(timestamp=NOW + DAY)
    with transaction.atomic():
        store().record([early, late])
    partitions.make(SAMPLES, [NOW.date()])
    assert rows() == {"sample_20260301": 1, "sample_default": 1}
    partitions.make_ahead(TABLES, NOW)
    assert rows() == {
        "sample_20260301": 1,
        "sample_20260302": 1,
        "sample_20260303": 0,
        "sample_default": 0,
    }
    assert keep([early, late]) == 0


def test_a_tick_makes_what_could_not_be_had_before() -> None:
    with transaction.atomic():
        store().record([make_sample(timestamp=NOW - 5 * DAY)])
    partitions.make_ahead(TABLES, NOW)
    assert rows()["sample_20260224"] == 1


def test_makers_at_the_same_time_do_not_fail_each_other() -> None:
    together = Barrier(5)

    def make(_: int) -> None:
        try:
            together.wait(10)
            partitions.make(SAMPLES, [NOW.date() + n * DAY for n in range(9)])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(make, range(5)))
    assert len(rows()) == 10


def test_without_the_lock_rows_go_to_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partitions, "ALONE", partitions.ALONE.replace("'2s'", "'50ms'"))
    held, done = Event(), Event()

    def hold() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("LOCK TABLE sample_default IN ACCESS SHARE MODE")
                held.set()
                done.wait(10)
        finally:
            connections.close_all()

    sample = make_sample(timestamp=datetime.now(UTC))
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(hold)
        held.wait(10)
        assert keep([sample]) == 1
        done.set()
        future.result(10)
    assert rows() == {"sample_default": 1}
    partitions.make_ahead(TABLES, datetime.now(UTC))
    assert rows()["sample_default"] == 0
    assert StoredSample.objects.count() == 1


def test_a_rollback_leaves_no_wrong_memory() -> None:
    with pytest.raises(ValueError), transaction.atomic():
        partitions.make(SAMPLES, [NOW.date()])
        raise ValueError
    partitions.make(SAMPLES, [NOW.date()])
    assert "sample_20260301" in rows()


def test_a_day_that_is_over_gets_its_index_for_message_ids() -> None:
    partitions.make(SAMPLES, [NOW.date() - DAY, NOW.date()])
    close_days(NOW)
    found = run(Sql("SELECT tablename FROM pg_indexes WHERE indexname ~ '^sample.*message_id$'"))
    assert found == [("sample_20260228",)]
