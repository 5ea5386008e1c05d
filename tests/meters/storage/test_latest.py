"""The newest sample of each series, wherever it is kept."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from meters.models import Series
from meters.rollups import roll_up
from meters.samples import Sample
from meters.storage.latest import Latest
from meters.storage.store import store
from telemetry_site.core import clock
from tests.factories import make_sample
from tests.keeping import keep
from tests.statements import sent

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NOW = datetime.now(UTC).replace(microsecond=5)


def ago(hours: float, volume: float | None, resource: str) -> Sample:
    return make_sample(volume, NOW - hours * HOUR, resource=resource)


def latest() -> dict[str, Latest]:
    names = dict(Series.objects.values_list("id", "resource"))
    return {names[number]: found for number, found in store().latest(Series.objects.all()).items()}


SAMPLES = [
    ago(2000, 1.0, "old"),
    ago(2001, 9.0, "old"),
    ago(50, 2.0, "days"),
    ago(50.5, 9.0, "days"),
    ago(3, 3.0, "hours"),
    ago(100, 9.0, "hours"),
    ago(0, 4.0, "now"),
    ago(30, 9.0, "now"),
    ago(40, 9.0, "null"),
    ago(39.5, None, "null"),
]
EXPECTED = {
    "old": Latest(1.0, NOW - 2000 * HOUR),
    "days": Latest(2.0, NOW - 50 * HOUR),
    "hours": Latest(3.0, NOW - 3 * HOUR),
    "now": Latest(4.0, NOW),
    "null": Latest(None, NOW - 39.5 * HOUR),
}


def test_it_finds_the_last_sample_before_and_after_the_roll_up() -> None:
    keep(SAMPLES)
    assert latest() == EXPECTED
    roll_up(clock.now())
    with sent() as statements:
        assert latest() == EXPECTED
    assert len(statements) == 3  # the names that this test asks for, and two
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sample WHERE volume IN (1, 2)")
    assert {name: latest()[name] for name in ("old", "days")} == {
        name: EXPECTED[name] for name in ("old", "days")
    }


def test_late_samples_count_at_once() -> None:
    keep(SAMPLES)
    roll_up(clock.now())
    keep([ago(1999, 5.0, "old"), ago(2000.5, 6.0, "days")])
    assert latest() == {**EXPECTED, "old": Latest(5.0, NOW - 1999 * HOUR)}


def test_of_samples_of_one_time_the_last_stored_counts() -> None:
    moment = NOW - 5 * HOUR
    keep([make_sample(float(n), moment) for n in range(5)])
    assert latest() == {"vm-1": Latest(4.0, moment)}
    roll_up(clock.now())
    assert latest() == {"vm-1": Latest(4.0, moment)}
