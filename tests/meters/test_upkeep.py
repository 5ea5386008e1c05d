"""How the store stands, and rollups made anew."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from meters.models import DayRollup, HourRollup, RollupMark
from meters.pipelines import publish
from meters.rollups import roll_up
from meters.selection import Selection
from meters.statistics import StatisticsQuery
from meters.storage.store import store
from meters.upkeep import rebuild_rollups, standing
from telemetry_site.core import clock
from tests.factories import MOMENT, make_sample

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def _some() -> None:
    publish([make_sample(float(n), MOMENT + n * HOUR) for n in range(30)])


def counted() -> list[int]:
    """The rows of each table, once PostgreSQL has looked at them."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [table.rows for table in standing().tables]


@pytest.mark.usefixtures("_some")
def test_it_says_what_there_is_and_what_is_behind() -> None:
    assert counted() == [30, 0, 0, 1, 1]
    found = standing()
    assert (found.oldest, found.newest) == (MOMENT, MOMENT + 29 * HOUR)
    assert (found.behind, found.behind_since) == (30, MOMENT)
    roll_up(clock.now())
    assert counted() == [30, 30, 2, 1, 1]
    found = standing()
    assert (found.behind, found.behind_since, found.kept_since) == (0, None, None)
    assert found.tables[0].size
    assert found.tables[0].each == found.tables[0].size / 30


def test_an_empty_store_stands_too() -> None:
    found = standing()
    assert (found.oldest, found.newest, found.behind) == (None, None, 0)


@pytest.mark.usefixtures("_some")
def test_rollups_are_made_anew_and_answers_stay_right() -> None:
    roll_up(clock.now())
    question = StatisticsQuery(Selection(), 86_400, datetime(2026, 3, 1, tzinfo=UTC))
    right = store().statistics(question)
    HourRollup.objects.update(total=7.0)
    DayRollup.objects.update(total=7.0)
    assert store().statistics(question) != right
    store().mark_everything()
    assert RollupMark.objects.count() == 30
    assert store().statistics(question) == right
    assert rebuild_rollups(clock.now()) == 32
    assert store().statistics(question) == right
