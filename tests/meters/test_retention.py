"""What goes when its time is over, and what must never go."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import LazySettings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meters.models import (
    DayRollup,
    HourRollup,
    MetadataSnapshot,
    RollupMark,
    Series,
    StoredSample,
    StoreState,
)
from meters.pipelines import publish
from meters.retention import expire, preview
from meters.samples import Sample
from meters.selection import Bound, SampleQuery, Selection
from meters.statistics import StatisticsQuery
from meters.storage.store import store
from telemetry_site import readers
from tests.factories import make_sample

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
NOW = datetime.now(UTC).replace(hour=13, minute=30, second=0, microsecond=0)
MIDNIGHT = NOW.replace(hour=0, minute=0)

Live = Callable[..., None]


@pytest.fixture
def live(settings: LazySettings) -> Live:
    """Set the times to live."""

    def set_them(samples: str = "0", rollups: str = "0") -> None:
        lives = {"SAMPLE_TTL": readers.lifetime(samples), "ROLLUP_TTL": readers.lifetime(rollups)}
        settings.TELEMETRY = {**settings.TELEMETRY, **lives}

    return set_them


def at(days: float, volume: float = 1.0, **named: Any) -> Sample:
    """A sample so many days before the last midnight."""
    return make_sample(volume, MIDNIGHT - days * DAY, **named)


def days() -> list[float]:
    """How many days before midnight the samples are that are left."""
    return sorted((MIDNIGHT - s.timestamp) / DAY for s in store().samples(SampleQuery()))


def test_whole_days_go(live: Live) -> None:
    publish([at(n) for n in (0, 1, 1.99, 2, 2.01, 3, 40)])
    live("2 days")
    expired = expire(NOW)
    assert days() == [0, 1, 1.99, 2]
    assert bool(expired.dropped["sample"])
    assert expire(NOW).dropped["sample"].rows == 0


def test_for_ever_is_for_ever(live: Live) -> None:
    publish([at(n) for n in (0, 1000, 9000)])
    live("0", "0")
    assert expire(NOW).dropped == {}
    assert days() == [0, 1000, 9000]


def test_wild_times_go_too(live: Live) -> None:
    publish([at(n) for n in (0, 5000, 9000)])
    live("30 days")
    expire(NOW)
    assert days() == [0]


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.sets(st.integers(0, 12 * 24), max_size=12), st.integers(1, 10 * 24))
def test_nothing_goes_that_is_inside_its_time(live: Live, ages: set[int], life: int) -> None:
    """Ages and the life of samples are in hours."""
    StoredSample.objects.all().delete()
    publish([at(age / 24) for age in ages])
    live(f"{life} hours")
    expire(NOW)
    left = {round(24 * found) for found in days()}
    since_midnight = (NOW - MIDNIGHT) / timedelta(hours=1)
    assert {age for age in ages if age + since_midnight <= life} <= left
    assert all(age + since_midnight <= life + 24 for age in left)


def test_statistics_of_what_is_gone_come_from_rollups(live: Live) -> None:
    publish([at(n / 24, float(n)) for n in range(1, 96)])
    everything = StatisticsQuery(Selection(), 86_400, MIDNIGHT - 4 * DAY)
    before = store().statistics(everything)
    live("1 day")
    expire(NOW)
    assert len(days()) == 24
    assert store().statistics(everything) == before


def test_a_sample_that_comes_after_its_time_changes_no_rollup(live: Live) -> None:
    publish([at(n / 24, float(n)) for n in range(1, 96)])
    live("1 day")
    expire(NOW)
    everything = StatisticsQuery(Selection(end=Bound(MIDNIGHT - DAY, inclusive=False)))
    before = store().statistics(everything)
    publish([at(2.5, 1000.0)])
    assert store().statistics(everything) == before
    expire(NOW)
    assert store().statistics(everything) == before
    assert not RollupMark.objects.filter(start__lt=MIDNIGHT - DAY).exists()


def test_rollups_have_a_time_of_their_own(live: Live) -> None:
    publish([at(n) for n in (0, 10, 800, 1200)])
    live("1 day", "700 days")
    expire(NOW)
    starts = set(HourRollup.objects.values_list("start", flat=True))
    assert {MIDNIGHT - n * DAY for n in (0, 10)} <= starts
    assert MIDNIGHT - 1200 * DAY not in starts
    assert not DayRollup.objects.filter(start=MIDNIGHT - 1200 * DAY).exists()


def test_names_that_nothing_is_left_of_go(live: Live) -> None:
    publish(
        [at(0, resource="new", metadata={"a": "1"}), at(5, resource="new", metadata={"a": "2"})]
    )
    publish([at(900, resource="old", metadata={"a": "3"})])
    live("2 days", "30 days")
    expired = expire(NOW)
    assert list(Series.objects.values_list("resource", flat=True)) == ["new"]
    assert list(MetadataSnapshot.objects.values_list("body", flat=True)) == [{"a": "1"}]
    assert (expired.series, expired.snapshots) == (1, 2)


def test_a_series_stays_while_a_rollup_speaks_of_it(live: Live) -> None:
    publish([at(50, resource="old")])
    live("2 days")
    expire(NOW)
    assert days() == []
    assert Series.objects.count() == 1
    assert HourRollup.objects.count() == 1


def test_names_that_went_are_made_again_by_whoever_remembers_them(live: Live) -> None:
    """The caches of this process still hold the ids of what has been deleted."""
    old = at(900, 7.0, resource="old", metadata={"a": "3"})
    publish([old])
    live("2 days", "30 days")
    expire(NOW)
    assert Series.objects.count() == 0
    publish([at(0, 8.0, resource="old", metadata={"a": "3"})])
    (found,) = store().samples(SampleQuery())
    assert (found.resource, found.metadata, found.volume) == ("old", b'{"a":"3"}', 8.0)


def test_a_preview_takes_nothing(live: Live) -> None:
    publish([at(n) for n in (0, 3, 4, 5000)])
    live("2 days")
    shown = preview(NOW).dropped["sample"]
    assert days() == [0, 3, 4, 5000]
    assert shown == expire(NOW).dropped["sample"]


def test_what_is_not_rolled_up_yet_is_kept(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another roll-up is at work, so ours does nothing: the samples wait for the next time."""
    publish([at(3)])
    live("2 days")
    monkeypatch.setattr("meters.retention.roll_up", lambda now: 0)
    expire(NOW)
    assert days() == [3]
    assert not StoreState.objects.filter(kept_since__gt=datetime(1971, 1, 1, tzinfo=UTC)).exists()


def test_the_same_sample_is_still_known_after_other_days_went(live: Live) -> None:
    kept = make_sample(1.0, MIDNIGHT, message_id=UUID(int=7))
    publish([kept, at(9)])
    live("2 days")
    expire(NOW)
    assert publish([kept]) == 0
