"""What the lists of alarms can be narrowed by."""

from datetime import timedelta

import pytest

from alarms import queries, silences
from alarms.filters import AlarmFilter, ChangeFilter
from alarms.models import AlarmChange
from tests.alarms.made import make_alarm
from tests.alarms.sent import ADMIN, MEMBER
from tests.factories import MOMENT

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _alarms() -> None:
    make_alarm(alarm_id="web", name="Web is busy", severity="critical", state="alarm")
    make_alarm(alarm_id="disk", name="disk is full", enabled=False)
    rule = {"event_type": "*", "query": []}
    make_alarm(rule, alarm_id="any", name="anything", type="event", project_id="p2", state="ok")
    for number, (alarm_id, kind, state) in enumerate(
        (("web", "creation", "ok"), ("web", "state transition", "alarm"), ("any", "creation", ""))
    ):
        AlarmChange.objects.create(
            event_id=f"e{number}", alarm_id=alarm_id, type=kind, detail="{}", severity="low",
            state=state, timestamp=MOMENT + number * HOUR,
            on_behalf_of="p2" if alarm_id == "any" else "p1",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({}, {"web", "disk", "any"}),
        ({"name": "IS "}, {"web", "disk"}),
        ({"state": "insufficient data"}, {"disk"}),
        ({"severity": "critical"}, {"web"}),
        ({"type": "event"}, {"any"}),
        ({"enabled": "no"}, {"disk"}),
        ({"enabled": "yes"}, {"web", "any"}),
        ({"project": "p2"}, {"any"}),
        ({"silenced": "yes"}, {"disk", "any"}),
        ({"silenced": "no", "project": "p1"}, {"web"}),
    ],
)
def test_it_finds_alarms(params: dict[str, str], found: set[str]) -> None:
    silences.create(ADMIN, MOMENT, MOMENT + HOUR, "moving", name_pattern="disk*")
    silences.create(ADMIN, MOMENT, MOMENT + HOUR, "moving", project_id="p2")
    silences.create(ADMIN, MOMENT - 2 * HOUR, MOMENT - HOUR, "over", project_id="p1")
    filters = AlarmFilter(params, queries.alarms(ADMIN), ADMIN, MOMENT)
    assert {one.pk for one in filters.found()} == found
    assert filters.narrows == bool(params)


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({}, {"e0", "e1", "e2"}),
        ({"alarm": "web"}, {"e0", "e1"}),
        ({"type": "creation"}, {"e0", "e2"}),
        ({"state": "alarm"}, {"e1"}),
        ({"severity": "critical"}, set()),
        ({"since": "2026-03-01 13:00"}, {"e1", "e2"}),
        ({"until": "2026-03-01T13:00:00+00:00"}, {"e0", "e1"}),
        ({"project": "p2"}, {"e2"}),
    ],
)
def test_it_finds_changes(params: dict[str, str], found: set[str]) -> None:
    filters = ChangeFilter(params, queries.history(ADMIN), ADMIN, MOMENT)
    assert {one.event_id for one in filters.found()} == found


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"state": "fine"}, "State: Select a valid choice"),
        ({"since": "soon"}, "Since: Write a time as"),
    ],
)
def test_what_cannot_be_asked_is_told_and_finds_nothing(
    params: dict[str, str], problem: str
) -> None:
    filters = ChangeFilter(params, queries.history(ADMIN), ADMIN, MOMENT)
    assert filters.problems()[0].startswith(problem)
    assert list(filters.found()) == []


def test_one_who_sees_one_project_is_asked_for_none() -> None:
    filters = AlarmFilter({"project": "p2"}, queries.alarms(MEMBER), MEMBER, MOMENT)
    assert "project" not in filters.form.fields
    assert {one.pk for one in filters.found()} == {"web", "disk"}
