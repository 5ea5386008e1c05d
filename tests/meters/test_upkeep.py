"""How the store stands, and rollups made anew."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from meters.models import DayRollup, HourRollup, RollupMark
from meters.pipelines import publish
from meters.rollups import roll_up
from meters.selection import Selection
from meters.statistics import StatisticsQuery
from meters.storage.store import store
from meters.upkeep import rebuild_rollups, standing
from telemetry_site.core import clock
from tests.commands import printed
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
    assert "oldest sample  -" in printed("store", "status")


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
    assert printed("store", "rebuild-rollups") == "32 rollups made.\n"
    assert store().statistics(question) == right
    assert rebuild_rollups(clock.now()) == 32


@pytest.mark.usefixtures("_some")
def test_the_command_prints_it() -> None:
    assert counted()[0] == 30
    text = printed("store", "status")
    assert "newest sample  2026-03-02T17:00:00" in text
    assert "rollups behind 30 hours, the first of 2026-03-01T12:00:00" in text
    assert re.search(r"^samples +30 ", text, re.MULTILINE)


@pytest.mark.usefixtures("_some")
def test_the_admin_shows_it(admin_client: Client) -> None:
    page = admin_client.get("/metering/admin/meters/storestate/").content.decode()
    assert "30 hours wait for the roll-up" in page
    assert "rollups of hours" in page
    assert admin_client.get("/metering/admin/meters/storestate/add/").status_code == 403
