"""Lists of samples: order, limits, pages and windows."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from meters.samples import Sample
from meters.selection import Bound, Field, Order, SampleQuery, Selection
from meters.storage import listing
from meters.storage.store import store
from telemetry_site.core.query.tree import Compare
from tests.factories import MOMENT, make_sample
from tests.keeping import keep
from tests.statements import sent

pytestmark = pytest.mark.django_db


def volumes(query: SampleQuery) -> list[float | None]:
    return [sample.volume for sample in store().samples(query)]


def scattered(count: int) -> list[Sample]:
    """Over thirteen years, several at one moment, some in two series."""
    chance = random.Random(7)  # noqa: S311 - repeatable, no secret
    start = datetime(2013, 1, 1, tzinfo=UTC)
    times = [start + timedelta(hours=chance.randrange(120_000)) for _ in range(count // 3)]
    return [make_sample(n, chance.choice(times), resource=f"vm-{n % 3}") for n in range(count)]


def test_it_lists_the_newest_first_and_equal_times_as_they_came() -> None:
    keep([make_sample(n, MOMENT + timedelta(days=n // 2)) for n in range(6)])
    assert volumes(SampleQuery()) == [4, 5, 2, 3, 0, 1]
    assert volumes(SampleQuery(limit=3)) == [4, 5, 2]


@pytest.mark.parametrize("limit", [None, 7, 60])
@pytest.mark.parametrize("page", [1, 2, 7, 100])
def test_pages_neither_lose_nor_repeat(
    monkeypatch: pytest.MonkeyPatch, page: int, limit: int | None
) -> None:
    monkeypatch.setattr(listing, "PAGE", page)
    samples = scattered(40)
    keep(samples)
    expected = sorted(samples, key=lambda s: s.message_id)
    expected.sort(key=lambda s: s.timestamp, reverse=True)
    found = [s.message_id for s in store().samples(SampleQuery(limit=limit))]
    assert found == [s.message_id for s in expected][:limit]


def test_it_asks_for_a_page_only_when_it_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 10)
    now = datetime.now(UTC)
    keep([make_sample(n, now - timedelta(seconds=n)) for n in range(50)])
    with sent() as statements:
        samples = store().samples(SampleQuery())
        assert [next(samples).volume for _ in range(10)] == list(range(10))
    assert len(statements) == 2


def test_bounds_are_inclusive_or_not() -> None:
    keep([make_sample(n, MOMENT + timedelta(seconds=n)) for n in range(4)])
    edges = (MOMENT + timedelta(seconds=1), MOMENT + timedelta(seconds=2))
    for inclusive, expected in ((True, [2, 1]), (False, [])):
        start, end = (Bound(edge, inclusive) for edge in edges)
        assert volumes(SampleQuery(Selection(start=start, end=end))) == expected


@pytest.mark.parametrize("year", [1, 9999])
def test_the_ends_of_time_are_bounds_like_others(year: int) -> None:
    keep([make_sample()])
    bound = Bound(datetime(year, 1, 1, tzinfo=UTC), inclusive=True)
    assert len(volumes(SampleQuery(Selection(start=bound)))) == (year == 1)
    assert len(volumes(SampleQuery(Selection(end=bound)))) == (year == 9999)


@pytest.mark.parametrize("limit", [None, 4])
@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ((Order("volume"),), [None, 1, 2, 3]),
        ((Order("volume", descending=True),), [3, 2, 1, None]),
        ((Order("resource"), Order("volume", descending=True)), [2, None, 3, 1]),
        ((Order("project"), Order("volume")), [3, None, 1, 2]),
        ((Order("timestamp"),), [1, 3, 2, None]),
        ((Order("timestamp", descending=True), Order("volume")), [None, 2, 3, 1]),
        ((Order("message_id", descending=True),), [None, 3, 2, 1]),
        ((), [None, 2, 3, 1]),
    ],
)
def test_it_sorts_by_any_fields(
    order: tuple[Order, ...], expected: list[float | None], limit: int | None
) -> None:
    hour = timedelta(hours=1)
    keep(
        [
            make_sample(1, MOMENT, resource="a", project="B"),
            make_sample(2, MOMENT + 2 * hour, resource="B", project="a"),
            make_sample(3, MOMENT + hour, resource="a", project=None),
            make_sample(None, MOMENT + 900 * hour, resource="Z", project="B"),
        ]
    )
    if order[:1] == (Order("resource"),):
        expected = [2, None, 3, 1]  # by their bytes: capitals come first
    assert volumes(SampleQuery(order=order, limit=limit)) == expected


@pytest.mark.parametrize("field", ["meter", "type", "unit", "user", "source", "recorded_at"])
def test_it_sorts_by_the_other_fields_too(field: Field) -> None:
    keep([make_sample(1), make_sample(2)])
    assert volumes(SampleQuery(order=(Order(field),))) == [1, 2]


def test_it_finds_one_sample_by_its_id() -> None:
    samples = scattered(10)
    keep(samples)
    wanted = Selection(Compare("message_id", "=", str(samples[3].message_id)))
    found = store().sample(SampleQuery(wanted))
    assert found is not None
    assert found.volume == 3
    assert store().sample(SampleQuery(Selection(Compare("message_id", "=", "none")))) is None


def test_newest_samples_with_no_bounds_take_few_statements() -> None:
    keep(scattered(30))
    with sent() as statements:
        assert len(volumes(SampleQuery(limit=5))) == 5
    assert len(statements) <= 12
