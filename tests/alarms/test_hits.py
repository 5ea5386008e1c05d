import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from alarms import hits, watching
from alarms.models import Alarm, AlarmChange, Delivery, Hit
from alarms.transitions import Written
from events.records import Event
from tests.alarms.made import make_alarm, make_event_alarm
from tests.events.made import make_event
from tests.statements import sent

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LAUNCHED = datetime(2026, 3, 1, 11, 59, 0, 5, tzinfo=UTC)
ACTION = "http://a.example/"


@pytest.fixture(autouse=True)
def _nothing_known() -> None:
    watching.forget()


def hit(alarm: Alarm, event: Event) -> None:
    Hit.objects.create(alarm_id=alarm.pk, event=hits.encoded(event), made_at=NOW)


def test_it_lets_an_alarm_fire() -> None:
    query = [{"field": "traits.size", "op": "gt", "value": "3", "type": "integer"}]
    alarm = make_event_alarm("volume.*", query, state="ok", alarm_actions=[ACTION])
    hit(alarm, make_event(7, size=4, ratio=0.5, launched_at=LAUNCHED))
    assert hits.work_off() == Written(1, 1)
    assert not Hit.objects.exists()
    alarm.refresh_from_db()
    event_id = str(UUID(int=7))
    assert alarm.state == "alarm"
    assert alarm.state_reason == (
        f"Event <id={event_id},event_type=volume.create.end> hits the query <query="
        '[{"field": "traits.size", "op": "gt", "type": "integer", "value": "3"}]>.'
    )
    told = json.loads(Delivery.objects.get().body)
    assert (told["previous"], told["current"]) == ("ok", "alarm")
    assert told["reason_data"] == {
        "type": "event",
        "event": {
            "message_id": event_id,
            "event_type": "volume.create.end",
            "generated": "2026-03-04T05:06:07",
            "traits": [
                ["project_id", 1, "p1"],
                ["user_id", 1, "u1"],
                ["size", 2, 4],
                ["ratio", 3, 0.5],
                ["launched_at", 4, "2026-03-01T11:59:00.000005"],
            ],
            "raw": {},
        },
    }


def test_it_fires_once_until_somebody_resets_it() -> None:
    alarm = make_event_alarm(alarm_actions=[ACTION])
    for number in (1, 2, 3):
        hit(alarm, make_event(number))
    assert hits.work_off() == Written(1, 1)
    hit(alarm, make_event(4))
    assert hits.work_off() == Written(0, 0)
    assert not Hit.objects.exists()


def test_it_fires_at_each_event_where_actions_repeat() -> None:
    alarm = make_event_alarm(alarm_actions=[ACTION], repeat_actions=True)
    for number in (1, 2, 3):
        hit(alarm, make_event(number))
    assert hits.work_off() == Written(3, 3)
    bodies = [
        json.loads(body) for body in Delivery.objects.order_by("id").values_list("body", flat=True)
    ]
    assert [one["previous"] for one in bodies] == ["insufficient data", "alarm", "alarm"]
    assert AlarmChange.objects.count() == 3


@pytest.mark.parametrize("change", [{"enabled": False}, {"type": "threshold"}])
def test_what_is_no_event_alarm_any_more_does_not_fire(change: dict[str, object]) -> None:
    alarm = make_event_alarm(alarm_actions=[ACTION])
    hit(alarm, make_event())
    Alarm.objects.filter(pk=alarm.pk).update(**change)
    assert hits.work_off() == Written(0, 0)
    assert not Hit.objects.exists()


def test_a_hit_of_an_alarm_that_is_gone_goes_too() -> None:
    hit(Alarm(alarm_id="gone"), make_event())
    assert hits.work_off() == Written(0, 0)
    assert not Hit.objects.exists()


def test_many_hits_take_as_many_statements_as_one() -> None:
    def statements(number: int) -> int:
        for one in range(number):
            hit(make_event_alarm(alarm_actions=[ACTION]), make_event(one))
        with sent() as found:
            hits.work_off()
        return len(found)

    assert statements(1) == statements(60)


def test_other_alarms_stay_as_they_are() -> None:
    other = make_alarm()
    hit(make_event_alarm(), make_event())
    hits.work_off()
    other.refresh_from_db()
    assert other.state == "insufficient data"
