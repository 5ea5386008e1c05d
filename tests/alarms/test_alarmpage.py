"""One alarm for its page."""

import json
from datetime import timedelta
from typing import Any

import pytest

from alarms import alarmpage, services, silences
from alarms.models import Alarm, AlarmChange
from alarms.preview import preview
from tests.alarms.made import MADE, make_alarm, make_threshold
from tests.alarms.owed import make_delivery
from tests.alarms.sent import MEMBER, STRANGER, created
from tests.factories import MOMENT

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
SECRET = "https://u:pass@a.example/x?Signature=abc"


def moved(alarm: Alarm, hours_ago: int, state: str) -> None:
    AlarmChange.objects.create(
        event_id=f"e{hours_ago}", alarm_id=alarm.pk, type="state transition",
        detail=json.dumps({"state": state}), timestamp=MOMENT - hours_ago * HOUR, severity="low",
        state=state, on_behalf_of=alarm.project_id,
    )  # fmt: skip


def past(alarm: Alarm, caller: Any = MEMBER, **params: str) -> dict[str, Any]:
    return alarmpage.past_of(alarm, caller, params, MOMENT)


def test_it_says_the_rule_in_words_and_hides_what_is_secret() -> None:
    alarm = make_alarm(alarm_actions=[SECRET, "log://"], ok_actions=None)
    found = alarmpage.about(alarm, MEMBER, MOMENT)
    assert found["sentence"] == "The average of cpu_util is above 70 over 1 minute."
    assert found["actions"] == [
        ("ok", []),
        ("alarm", ["https://a.example/x?…", "log://"]),
        ("insufficient data", []),
    ]
    assert json.loads(found["rule"]) == make_threshold()


def test_it_knows_its_silence() -> None:
    alarm = make_alarm()
    assert alarmpage.about(alarm, MEMBER, MOMENT)["silence"] is None
    made = silences.create(MEMBER, MOMENT, MOMENT + HOUR, "moving", name_pattern="c*")
    assert alarmpage.about(alarm, MEMBER, MOMENT)["silence"] == made


def test_a_combination_names_the_alarms_that_it_looks_at() -> None:
    one, other, hidden = make_alarm(), make_alarm(name=""), make_alarm(project_id="p2")
    rule = {"operator": "and", "alarm_ids": [one.pk, other.pk, hidden.pk, "gone"]}
    found = alarmpage.about(make_alarm(rule, type="combination"), MEMBER, MOMENT)
    assert {alarm.pk for alarm in found["combined"]} == {one.pk, other.pk}
    assert found["sentence"] == (
        f"All of these alarms are in alarm: “cpu”, {other.pk}, {hidden.pk}, gone."
    )


def test_its_states_are_a_bar_of_a_day_a_week_or_a_month() -> None:
    alarm = make_alarm()
    for hours_ago, state in ((48, "ok"), (18, "alarm"), (6, "ok")):
        moved(alarm, hours_ago, state)
    day, week = past(alarm)["bar"], past(alarm, days="7")["bar"]
    assert (day.start, day.end) == (MOMENT - 24 * HOUR, MOMENT)
    assert day.shares == {"alarm": 50, "insufficient data": 0, "ok": 50}
    assert week.shares == {"alarm": 25, "insufficient data": 0, "ok": 75}
    assert week.stretches[0].start == MOMENT - 48 * HOUR
    assert [chosen for _, _, chosen in past(alarm, days="x")["spans"]] == [True, False, False]


def test_where_the_history_is_gone_the_state_is_known_since_it_began() -> None:
    alarm = make_alarm(state="ok", state_timestamp=MADE)  # an hour before noon
    (stretch,) = past(alarm)["bar"].stretches
    assert (stretch.state, stretch.start, stretch.end) == ("ok", MADE, MOMENT)


def test_its_history_is_its_own_and_the_callers() -> None:
    alarm = created()
    created(name="another")
    assert [line.kind for line in past(alarm)["lines"]] == ["creation"]
    assert past(alarm, STRANGER)["lines"] == []


def test_actions_that_were_repeated_belong_to_no_change() -> None:
    alarm = created()
    make_delivery("http://r/", alarm_id=alarm.pk)
    make_delivery("http://c/", alarm_id=alarm.pk, change="e1")
    make_delivery("http://o/")
    assert [one.called for one in past(alarm)["repetitions"]] == ["http://r/"]


def test_what_would_have_been_begins_without_data() -> None:
    found = alarmpage.foreseen(preview(alarmpage.defined(make_alarm()), MEMBER, MOMENT))
    assert found.shares == {"alarm": 0, "insufficient data": 100, "ok": 0}


def test_a_stored_alarm_is_defined_as_it_is() -> None:
    alarm = created(severity="critical", hold_rounds=3, no_data="keep")
    services.set_state(alarm.pk, "ok", MEMBER, MOMENT)
    found = alarmpage.defined(Alarm.objects.get(pk=alarm.pk))
    assert (found.severity, found.hold_rounds, found.no_data) == ("critical", 3, "keep")
    assert (found.state, found.owners) == ("ok", (None, "p1"))
    assert found.rule.shown() == json.loads(alarm.rule)
