"""The contract of every store: what is recorded is there, once, as it was."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import msgspec
import pytest
from django.db import connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meters.models import MetadataSnapshot, Series, StoredSample
from meters.samples import Sample
from meters.selection import SampleQuery
from meters.storage.store import store
from tests.factories import MOMENT, make_sample
from tests.keeping import keep
from tests.statements import sent


def everything() -> list[Sample]:
    """All samples, without the time they were stored."""
    found = store().samples(SampleQuery())
    return [msgspec.structs.replace(sample, recorded_at=None) for sample in found]


def batch(count: int) -> list[Sample]:
    """Samples of twenty resources with five metadata, a minute apart."""
    return [
        make_sample(
            n, MOMENT + timedelta(minutes=n), {"flavor": str(n % 5)}, resource=f"vm-{n % 20}"
        )
        for n in range(count)
    ]


@pytest.mark.django_db
def test_it_gives_back_what_it_was_given() -> None:
    sample = make_sample(
        0.1 + 0.2,
        datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC),
        {"b": {"y": [1, 1.0, True, None], "x": 'ü"\\\n'}, "a": -1.5},
        unit=None,
        project=None,
        user="",
        source=None,
    )
    assert keep([sample]) == 1
    assert everything() == [sample]


@pytest.mark.django_db
def test_it_says_when_a_sample_was_stored() -> None:
    before = datetime.now(UTC)
    keep([make_sample()])
    (sample,) = store().samples(SampleQuery())
    assert sample.recorded_at is not None
    assert before <= sample.recorded_at <= datetime.now(UTC)


@pytest.mark.django_db
def test_a_sample_from_another_store_keeps_the_time_it_was_recorded() -> None:
    before = MOMENT - timedelta(days=1, microseconds=1)
    keep([make_sample(1, recorded_at=before), make_sample(2)])
    recorded = {each.volume: each.recorded_at for each in store().samples(SampleQuery())}
    assert recorded[1] == before
    assert recorded[2] is not None
    assert recorded[2] > MOMENT


@pytest.mark.django_db
def test_it_keeps_the_types_of_metadata() -> None:
    metadata = {"a": [1, 1.0, 1e16, -2.5e20, 1e100, 5e-324, True, None], "1e16": 'say "1e16"'}
    keep([make_sample(metadata=metadata)])
    (sample,) = store().samples(SampleQuery())
    assert sample.metadata == (
        b'{"1e16":"say \\"1e16\\"","a":[1,1.0,1e16,-2.5e20,1e100,5e-324,true,null]}'
    )


@pytest.mark.django_db
def test_it_keeps_a_missing_volume_and_the_largest() -> None:
    assert keep([make_sample(None), make_sample(-1e100), make_sample(5e-324)]) == 3
    assert {sample.volume for sample in everything()} == {None, -1e100, 5e-324}


@pytest.mark.django_db
def test_it_stores_a_sample_once() -> None:
    first, second, third = (make_sample(n) for n in range(3))
    assert keep([first, second, first]) == 2
    assert keep([second, third]) == 1
    assert keep([first, second, third]) == 0
    assert sorted(s.volume or 0 for s in everything()) == [0, 1, 2]


@pytest.mark.django_db
def test_it_stores_nothing_of_nothing() -> None:
    assert keep([]) == 0
    assert everything() == []


@pytest.mark.django_db
def test_it_takes_one_moment_written_in_two_zones_for_one() -> None:
    later = MOMENT.astimezone(timezone(timedelta(hours=2)))
    one = make_sample(message_id=UUID(int=1))
    assert keep([one, msgspec.structs.replace(one, timestamp=later)]) == 1


@pytest.mark.django_db
def test_it_keeps_the_first_of_two_volumes_for_one_key() -> None:
    one = make_sample(7.0)
    keep([one, msgspec.structs.replace(one, volume=3.0)])
    keep([msgspec.structs.replace(one, volume=4.0)])
    assert [s.volume for s in everything()] == [7.0]


@pytest.mark.django_db
def test_it_keeps_null_and_the_empty_text_apart() -> None:
    keep([make_sample(1, project=None), make_sample(2, project="")])
    keep([make_sample(3, project=None), make_sample(4, project="")])
    assert sorted(Series.objects.values_list("project", flat=True), key=str) == ["", None]
    assert {s.volume: s.project for s in everything()} == {1: None, 2: "", 3: None, 4: ""}


@pytest.mark.django_db
def test_it_makes_series_in_the_order_they_came() -> None:
    names = [f"vm-{n * 37 % 101}" for n in range(50)]
    keep([make_sample(resource=name) for name in names])
    keep([make_sample(resource=name) for name in ("vm-x", *reversed(names), "vm-y")])
    by_id = list(Series.objects.order_by("id").values_list("resource", flat=True))
    assert by_id == [*names, "vm-x", "vm-y"]


@pytest.mark.django_db
def test_it_keeps_each_metadata_once() -> None:
    keep(batch(100))
    assert MetadataSnapshot.objects.count() == 5
    assert Series.objects.count() == 20


@pytest.mark.django_db
@pytest.mark.parametrize("year", [1970, 1999, 2020, 2035, 9999])
def test_a_wild_time_fails_no_batch(year: int) -> None:
    wild = make_sample(1, datetime(year, 1, 1, tzinfo=UTC))
    assert keep([wild, make_sample(2)]) == 2
    assert wild in everything()


@pytest.mark.django_db(transaction=True)
def test_a_batch_takes_few_statements() -> None:
    keep([make_sample(timestamp=MOMENT + timedelta(minutes=n)) for n in (0, 1000)])
    with sent() as cold:
        keep(batch(1000))
    with sent() as warm:
        keep(batch(1000))
    with sent() as repeated:
        keep(batch(500) + batch(500))
    assert len(cold) <= 8, cold
    assert len(warm) <= 4, warm
    assert len(repeated) <= 4, repeated


@pytest.mark.django_db(transaction=True)
def test_what_a_failed_transaction_named_is_not_remembered() -> None:
    def fail() -> None:
        raise ValueError

    samples = batch(10)
    with pytest.raises(ValueError):
        keep(samples, closing=fail)
    assert Series.objects.count() == 0
    assert keep(samples) == 10
    assert set(StoredSample.objects.values_list("series_id", flat=True)) == set(
        Series.objects.values_list("id", flat=True)
    )


REPEATED = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


@REPEATED
@given(st.data())
@pytest.mark.django_db
def test_deliveries_in_any_cut_and_order_are_stored_once(data: st.DataObject) -> None:
    StoredSample.objects.all().delete()
    samples = batch(12)
    parts = st.lists(st.sampled_from(samples), max_size=15)
    deliveries = data.draw(st.lists(parts, max_size=6))
    stored = sum(keep(delivery) for delivery in deliveries)
    seen = {sample.message_id for delivery in deliveries for sample in delivery}
    assert stored == len(seen)
    assert {sample.message_id for sample in everything()} == seen


@pytest.mark.django_db(transaction=True)
def test_deliveries_from_several_threads_are_stored_once() -> None:
    samples = batch(300)

    def deliver(seed: int) -> int:
        order = random.Random(seed)  # noqa: S311 - repeatable, no secret
        try:
            return sum(keep(order.sample(samples, 120)) for _ in range(5))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        stored = sum(pool.map(deliver, range(6)))
    rows = StoredSample.objects.count()
    assert stored == rows == len(everything())
    assert keep(samples) == 300 - rows


@pytest.mark.sqlite
@pytest.mark.django_db
def test_the_table_has_no_rowid() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'sample'")
        assert cursor.fetchone()[0].rstrip().endswith("WITHOUT ROWID")
