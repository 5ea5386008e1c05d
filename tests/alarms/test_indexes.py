"""Pages of alarms and of their history enter an index where they begin."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from alarms.listing import NEWEST, Listing, page
from alarms.models import Alarm, AlarmChange
from tests.alarms.made import MADE

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _many() -> None:
    """Alarms of a hundred projects, each with five lines of history."""
    Alarm.objects.bulk_create(
        Alarm(
            alarm_id=f"a{n}", name="cpu", type="threshold", rule="{}", project_id=f"p{n % 100}",
            timestamp=MADE + n * SECOND, state_timestamp=MADE, evaluate_timestamp=MADE,
        )
        for n in range(2_000)
    )  # fmt: skip
    AlarmChange.objects.bulk_create(
        AlarmChange(
            event_id=f"e{n}", alarm_id=f"a{n % 2_000}", type="creation", detail="{}",
            on_behalf_of=f"p{n % 100}", timestamp=MADE + n * SECOND, severity="low",
        )
        for n in range(10_000)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.mark.parametrize(
    ("rows", "name", "marker", "index"),
    [
        (Alarm.objects.filter(project_id="p7"), "alarm_id", "", "alarm_project"),
        (Alarm.objects.filter(project_id="p7"), "alarm_id", "a1007", "alarm_project"),
        (AlarmChange.objects.filter(alarm_id="a7"), "event_id", "", "alarm_change_alarm"),
        (AlarmChange.objects.filter(on_behalf_of="p7"), "event_id", "", "alarm_change_owner"),
        (AlarmChange.objects.filter(on_behalf_of="p7"), "event_id", "e7", "alarm_change_owner"),
        (AlarmChange.objects.all(), "event_id", "e5007", "alarm_change_time"),
    ],
)
def test_a_page_is_found_by_an_index(
    rows: QuerySet[Any], name: str, marker: str, index: str
) -> None:
    plan = page(rows.all(), Listing(NEWEST, 20, marker), name).explain()
    assert f"{index} " in plan
    if marker:  # and by where it begins
        assert "timestamp<" in plan.replace('"', "").replace(" ", "")
