"""Lines of the history as people read them."""

import json
from datetime import timedelta
from typing import Any

import pytest

from alarms import queries, services
from alarms.history import Line, lines
from alarms.models import Alarm, AlarmChange, Delivery
from tests.alarms.owed import make_delivery
from tests.alarms.sent import ADMIN, MEMBER, STRANGER, created
from tests.factories import MOMENT

pytestmark = pytest.mark.django_db

SECRET = "https://u:pass@a.example/x?Signature=abc"


def read(caller: Any = MEMBER) -> list[Line]:
    """The oldest first."""
    return lines(list(queries.history(caller).order_by("pk")), caller)


def transition(alarm: Alarm, event_id: str = "e1", state: str = "alarm") -> AlarmChange:
    return AlarmChange.objects.create(
        event_id=event_id, alarm_id=alarm.pk, type="state transition", on_behalf_of="p1",
        detail=json.dumps({"state": state, "transition_reason": "because"}), timestamp=MOMENT,
        severity="low", state=state, reason_data='{"most_recent": 91.5}',
    )  # fmt: skip


def test_it_says_why_with_what_values_and_by_whom() -> None:
    transition(created())
    made, moved = read()
    assert (made.kind, made.why, made.by, made.state) == (
        "creation", "Made", "u1", "insufficient data",
    )  # fmt: skip
    assert (moved.kind, moved.why, moved.by, moved.state) == (
        "state transition", "because", "evaluation", "alarm",
    )  # fmt: skip
    assert moved.values == '{\n  "most_recent": 91.5\n}'
    assert (moved.name, moved.there, moved.when) == ("busy", True, MOMENT)


def test_what_is_set_by_hand_has_a_reason_too() -> None:
    services.set_state(created().pk, "ok", MEMBER, MOMENT)
    assert (read()[1].why, read()[1].by, read()[1].values) == ("Manually set via API", "u1", "")


def test_changes_are_named_and_addresses_keep_their_secrets() -> None:
    alarm = created(alarm_actions=[SECRET])
    AlarmChange.objects.create(
        event_id="e2", alarm_id=alarm.pk, type="rule change", on_behalf_of="p1", user_id="u1",
        detail=json.dumps({"ok_actions": [SECRET], "alarm_actions": None, "severity": "low"}),
        timestamp=MOMENT, severity="low",
    )  # fmt: skip
    made, changed = read()
    assert changed.why == "Changed: ok actions, alarm actions, severity"
    for one in (made, changed):
        assert "pass" not in one.values
        assert "Signature" not in one.values
        assert "https://a.example/x?…" in one.values


def test_whether_actions_are_repeated_is_no_address() -> None:
    alarm = created(repeat_actions=True)
    AlarmChange.objects.create(
        event_id="e2", alarm_id=alarm.pk, type="rule change", on_behalf_of="p1", user_id="u1",
        detail='{"repeat_actions": false}', timestamp=MOMENT, severity="low",
    )  # fmt: skip
    made, changed = read()
    assert json.loads(made.values)["repeat_actions"] is True
    assert (changed.why, changed.values) == (
        "Changed: repeat actions", '{\n  "repeat_actions": false\n}',
    )  # fmt: skip


def test_it_knows_what_deleted_alarms_were_called() -> None:
    services.delete(created(name="old").pk, MEMBER, MOMENT + timedelta(hours=1))
    assert [(one.name, one.there, one.why) for one in read()] == [
        ("old", False, "Made"),
        ("old", False, "Deleted"),
    ]


def test_it_says_what_came_of_actions() -> None:
    alarm = created()
    change = transition(alarm)
    make_delivery(SECRET, change=change.event_id, status="failed", attempts=5, answer="HTTP 500")
    make_delivery("http://b/", change=change.event_id, status="arrived", attempts=1)
    make_delivery("http://c/", change="another")
    failed, arrived = read()[1].results
    assert (failed.called, failed.word, failed.attempts) == ("https://a.example/x?…", "Failed", 5)
    assert (failed.answer, failed.failed, failed.kind) == ("HTTP 500", True, "bad")
    assert (arrived.called, arrived.word, arrived.failed) == ("http://b/", "Arrived", False)


def test_every_status_has_a_word() -> None:
    for status in (Delivery.WAITING, Delivery.ARRIVED, Delivery.FAILED, Delivery.SILENCED):
        change = transition(created(), f"e-{status}")
        make_delivery(change=change.event_id, status=status)
    assert [one.results[0].word for one in read() if one.results] == [
        "Waits",
        "Arrived",
        "Failed",
        "Silenced",
    ]


def test_a_stranger_is_told_no_name() -> None:
    alarm = created(name="hidden")
    assert read(STRANGER) == []
    moved = transition(alarm)
    AlarmChange.objects.filter(pk=moved.pk).update(on_behalf_of="p2")  # of when it was theirs
    assert [(one.name, one.there) for one in read(STRANGER)] == [(alarm.pk, False)]
    assert len(read(ADMIN)) == 2
