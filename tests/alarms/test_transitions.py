import json
from datetime import UTC, datetime, timedelta

import pytest

from alarms import transitions, watched
from alarms.models import Alarm, AlarmChange, Delivery, Silence
from alarms.states import Decision, State
from alarms.transitions import Coming, Transition, Written
from alarms.watched import Watched
from tests.alarms.made import MADE, make_alarm
from tests.statements import sent

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC)
REASON = "Transition to alarm due to 1 samples outside threshold, most recent: 99.5"
DATA = {"type": "threshold", "disposition": "outside", "count": 1, "most_recent": 99.5}
RISEN = Decision("alarm", REASON, DATA)
A, B = "http://a.example/x?y=1", "log://"


def read(alarm: Alarm) -> Watched:
    return watched.locked([alarm.alarm_id])[alarm.alarm_id]


def changed(alarm: Alarm, decision: Decision = RISEN, previous: State = "ok") -> Transition:
    return Transition(read(alarm), previous, decision, recorded=decision.state != previous)


def test_it_writes_state_history_and_actions() -> None:
    alarm = make_alarm(
        state="ok", severity="critical", alarm_actions=[A, B], ok_actions=["log://no"]
    )
    assert transitions.write([changed(alarm)], [], NOW) == Written(1, 2)
    alarm.refresh_from_db()
    assert (alarm.state, alarm.state_reason, alarm.state_timestamp) == ("alarm", REASON, NOW)
    change = AlarmChange.objects.get()
    assert json.loads(change.detail) == {"state": "alarm", "transition_reason": REASON}
    assert json.loads(change.reason_data) == DATA
    assert (change.type, change.state, change.timestamp) == ("state transition", "alarm", NOW)
    assert (change.on_behalf_of, change.user_id, change.project_id) == ("p1", None, None)
    assert change.severity == "critical"
    first, second = Delivery.objects.order_by("id")
    assert (first.action, second.action) == (A, B)
    assert first.body == second.body
    assert first.delivery_id != second.delivery_id
    assert json.loads(first.body) == {
        "alarm_id": alarm.alarm_id, "alarm_name": "cpu", "severity": "critical", "previous": "ok",
        "current": "alarm", "reason": REASON, "reason_data": DATA,
    }  # fmt: skip
    assert (first.status, first.change, first.project_id) == ("waiting", change.event_id, "p1")
    assert (first.made_at, first.next_try, first.attempts) == (NOW, NOW, 0)


def test_it_repeats_actions_without_a_line_of_history() -> None:
    alarm = make_alarm(state="alarm", alarm_actions=[A])
    assert transitions.write([changed(alarm, RISEN, "alarm")], [], NOW) == Written(0, 1)
    alarm.refresh_from_db()
    assert (alarm.state_timestamp, alarm.state_reason) == (MADE, REASON)
    assert not AlarmChange.objects.exists()
    assert Delivery.objects.get().change == ""


def test_it_does_nothing_for_an_alarm_that_somebody_has_changed_meanwhile() -> None:
    alarm = make_alarm(state="ok", alarm_actions=[A])
    transition = changed(alarm)
    Alarm.objects.filter(pk=alarm.pk).update(generation=1)
    assert transitions.write([transition], [], NOW) == Written(0, 0)
    assert not AlarmChange.objects.exists()
    assert not Delivery.objects.exists()
    assert Alarm.objects.get(pk=alarm.pk).state == "ok"


def test_it_notes_a_state_that_is_coming() -> None:
    alarm = make_alarm(state="ok", alarm_actions=[A])
    assert transitions.write([], [Coming(read(alarm), "alarm", 2)], NOW) == Written(0, 0)
    alarm.refresh_from_db()
    assert (alarm.state, alarm.coming_state, alarm.coming_rounds) == ("ok", "alarm", 2)
    assert alarm.state_timestamp == MADE


def test_it_runs_no_action_that_is_silenced() -> None:
    loud = make_alarm(state="ok", alarm_actions=[A])
    quiet = make_alarm(state="ok", alarm_actions=[A, B], name="quiet")
    Silence.objects.create(
        silence_id="s", name_pattern="qui*", ends_at=NOW + timedelta(hours=1), reason="repairs",
        made_at=MADE,
    )  # fmt: skip
    transitions.write([changed(loud), changed(quiet)], [], NOW)
    assert AlarmChange.objects.count() == 2
    assert Delivery.objects.get(alarm_id=loud.pk).status == "waiting"
    for row in Delivery.objects.filter(alarm_id=quiet.pk):
        assert (row.status, row.answer, row.ended_at, row.next_try) == (
            "silenced", "repairs", NOW, None,
        )  # fmt: skip


def test_it_takes_as_many_statements_for_many_as_for_one() -> None:
    def statements(number: int) -> int:
        made = [
            make_alarm(state="ok", alarm_actions=[A], name=f"{number} {one}")
            for one in range(number)
        ]
        given = [changed(one) for one in made]
        with sent() as found:
            transitions.write(given, [], NOW)
        return len(found)

    assert statements(1) == statements(100)


def test_null_lists_of_actions_are_empty() -> None:
    alarm = make_alarm(state="ok", alarm_actions=None)
    assert transitions.write([changed(alarm)], [], NOW) == Written(1, 0)
