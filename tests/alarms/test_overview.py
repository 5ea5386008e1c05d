"""How alarms stand, in a few numbers."""

import json
from datetime import timedelta

import pytest

from alarms import silences
from alarms.models import AlarmChange
from alarms.overview import overview
from tests.alarms.made import make_alarm
from tests.alarms.sent import ADMIN, MEMBER, STRANGER
from tests.factories import MOMENT

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_it_counts_and_shows_what_changed_last() -> None:
    alarm = make_alarm(state="alarm")
    make_alarm(state="ok", project_id="p2")
    for number, kind in enumerate(["creation", *["state transition"] * 7]):
        AlarmChange.objects.create(
            event_id=f"{number}", alarm_id=alarm.pk, type=kind, state="ok", severity="low",
            detail=json.dumps({"transition_reason": f"reason {number}"}),
            timestamp=MOMENT + number * HOUR, on_behalf_of="p1",
        )  # fmt: skip
    silences.create(MEMBER, MOMENT, MOMENT + HOUR, "moving", name_pattern="*")
    found = overview(MEMBER, MOMENT)
    assert [one.size for one in found.tallies] == [1, 1, 0, 0]
    assert [one.why for one in found.newest] == [f"reason {n}" for n in (7, 6, 5, 4, 3)]
    assert found.silences == 1
    assert [one.size for one in overview(ADMIN, MOMENT).tallies] == [2, 1, 0, 1]
    assert overview(STRANGER, MOMENT).newest == []
