from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from alarms import definition, rounds
from alarms.models import Alarm, AlarmChange
from alarms.preview import Preview, preview
from events.storage import writing
from meters.pipelines import publish
from telemetry_site.core.errors import AlarmNotFound
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.transactions import in_transaction
from tests.alarms.made import make_alarm, make_threshold
from tests.events.made import make_event
from tests.factories import make_sample

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MEMBER = Caller("u1", "p1", frozenset({"member"}))
STRANGER = Caller("u2", "p2", frozenset({"member"}))


def of(rule: Any, kind: str = "threshold", caller: Caller = MEMBER, **more: Any) -> Preview:
    body = {"name": "x", "type": kind, f"{kind}_rule": rule, **more}
    return preview(definition.read(body), caller, NOON)


def feed(*pairs: tuple[int, float], **named: Any) -> None:
    """Samples so many minutes before noon."""
    publish([make_sample(value, NOON - at * MINUTE, **named) for at, value in pairs])


def ago(moment: datetime) -> int:
    """Minutes before noon."""
    return (NOON - moment) // MINUTE


def test_it_walks_through_a_day() -> None:
    """In the minutes from 10 to 6 before noon it is 50, then 90 until 4, then 50 again."""
    feed(*((at, 50.0) for at in range(10, 5, -1)), (5, 90.0), (4, 90.0), (3, 50.0), (2, 50.0))
    found = of(make_threshold(), alarm_actions=["http://a/"])
    assert (found.start, found.end, found.interval) == (NOON - timedelta(days=1), NOON, 60)
    assert [(ago(one.timestamp), one.previous, one.current) for one in found.moves] == [
        (9, "insufficient data", "ok"),
        (4, "ok", "alarm"),
        (2, "alarm", "ok"),
    ]
    assert found.moves[1].reason == (
        "Transition to alarm due to 1 samples outside threshold, most recent: 90.0"
    )
    assert found.seconds == {"ok": 7 * 60, "alarm": 120, "insufficient data": 86_400 - 9 * 60}
    assert found.actions == {"ok": 2, "alarm": 1, "insufficient data": 0}
    assert found.threshold == 70.0
    assert found.line[0] == (NOON - 9 * MINUTE, 50.0)
    assert found.line[5] == (NOON - 4 * MINUTE, 90.0)


def test_it_is_what_rounds_would_have_done() -> None:
    volumes = [50, 90, 90, 50, 90, 90, 90, 10, 10, 90, 10, 10, 10, 90, 90, 90, 90, 10, 10, 10]
    feed(*((len(volumes) - place, float(value)) for place, value in enumerate(volumes)))
    rule = make_threshold(evaluation_periods=2)
    found = of(rule, hold_rounds=2)
    alarm = make_alarm(rule, hold_rounds=2)
    for minute in range(30, -1, -1):
        with time_machine.travel(NOON - minute * MINUTE, tick=False):
            rounds.run(NOON - minute * MINUTE)
    written = AlarmChange.objects.filter(alarm_id=alarm.pk).order_by("id")
    assert [(one.timestamp, one.state) for one in written] == [
        (one.timestamp, one.current) for one in found.moves
    ]
    assert len(found.moves) > 3


def test_a_stranger_sees_nothing_of_it() -> None:
    feed((5, 90.0))
    assert of(make_threshold(), caller=STRANGER).line == []
    assert len(of(make_threshold()).line) > 0


def test_it_keeps_to_time_constraints() -> None:
    feed(*((at, 90.0) for at in range(120, 0, -1)))
    hours = [{"name": "n", "start": "30 11 * * *", "duration": 600}]
    found = of(make_threshold(), time_constraints=hours)
    assert [one.timestamp for one in found.moves] == [NOON - 30 * MINUTE]
    assert len(found.line) == 11


def test_events_let_it_fire() -> None:
    made = [
        make_event(number, generated=NOON - number * MINUTE, project_id=project)
        for number, project in ((1, "p1"), (3, "p1"), (5, "p2"))
    ]
    writing.prepare(made)
    in_transaction(lambda: writing.record(made))
    once = of({"event_type": "volume.*"}, "event")
    assert [(one.timestamp, one.current) for one in once.moves] == [(NOON - 3 * MINUTE, "alarm")]
    assert once.seconds["alarm"] == 180
    assert of({"event_type": "volume.*"}, "event", repeat_actions=True).actions["alarm"] == 2
    assert of({"event_type": "volume.*"}, "event", STRANGER).moves[0].timestamp == NOON - 5 * MINUTE


def test_a_combination_follows_the_past_of_others() -> None:
    one, other = make_alarm(name="one"), make_alarm(name="other")
    for alarm, minute, state in ((one, 50, "ok"), (other, 40, "alarm"), (one, 30, "alarm")):
        AlarmChange.objects.create(
            event_id=f"{minute}", alarm_id=alarm.pk, type="state transition", detail="{}",
            state=state, timestamp=NOON - minute * MINUTE, severity="low",
        )  # fmt: skip
    rule = {"operator": "and", "alarm_ids": [one.pk, other.pk]}
    found = of(rule, "combination")
    moves = [(ago(one.timestamp), one.current) for one in found.moves]
    assert moves == [(40, "ok"), (30, "alarm")]
    Alarm.objects.filter(pk=other.pk).update(project_id="p2")
    with pytest.raises(AlarmNotFound):
        of(rule, "combination")
