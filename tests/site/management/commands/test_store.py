"""manage.py store, as it is typed."""

import re
from datetime import timedelta

import pytest
from django.db import connection

from events.storage.writing import EVENTS, prepare, record
from meters.pipelines import publish
from meters.rollups import roll_up
from telemetry_site.core import clock
from telemetry_site.core.storage.partitions import names
from telemetry_site.core.transactions import in_transaction
from tests.commands import printed
from tests.events import made
from tests.factories import MOMENT, make_sample

# Partitions are made in transactions of their own.
pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def _some() -> None:
    """Thirty samples an hour apart, and three events on two days."""
    publish([make_sample(float(n), MOMENT + n * HOUR) for n in range(30)])
    events = [made.make_event(n, generated=made.MOMENT + n * 12 * HOUR) for n in (1, 2, 3)]
    prepare(events)
    in_transaction(lambda: record(events))
    with connection.cursor() as cursor:  # so that PostgreSQL has looked at them
        cursor.execute("ANALYZE")


def row(printed_lines: str, name: str) -> list[str]:
    """The cells of a table behind its name."""
    (found,) = re.findall(rf"^{name}  +(.*)$", printed_lines, re.MULTILINE)
    return re.split("  +", found)


@pytest.mark.usefixtures("_some")
def test_it_says_how_the_store_stands() -> None:
    text = printed("store", "status")
    assert row(text, "samples")[0] == "30"
    rows, size, partitions, each = row(text, "events")
    assert rows == "3"
    assert re.fullmatch(r"\d+ KiB", size)
    if connection.vendor == "postgresql":  # which keeps the partitions of other tests too
        assert int(partitions) == len(names(EVENTS) - {EVENTS.default}) >= 2
    else:
        assert partitions == "-"
    assert int(each) > 100
    for line in (
        "oldest sample  2026-03-01T12:00:00",
        "newest sample  2026-03-02T17:00:00",
        "rollups behind 30 hours, the first of 2026-03-01T12:00:00",
        "oldest event   2026-03-04T17:06:07",
        "newest event   2026-03-05T17:06:07",
    ):
        assert line in text


def test_an_empty_store_stands_too() -> None:
    text = printed("store", "status")
    for line in ("oldest sample  -", "newest event   -"):
        assert line in text
    assert row(text, "events")[0] == "0"


@pytest.mark.usefixtures("_some")
def test_it_makes_rollups_anew() -> None:
    roll_up(clock.now())
    # Thirty hours of one series, on two days.
    assert printed("store", "rebuild-rollups") == "32 rollups made.\n"
