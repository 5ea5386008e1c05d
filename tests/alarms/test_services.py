"""Alarms made, replaced, deleted and set to a state, each with its line of the history."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection

from alarms import definition, services, wire
from alarms.models import Alarm, AlarmChange, EvaluationCount, EventAlarms
from telemetry_site.core.errors import AlarmNotFound, BadRequest, Conflict, NotAuthorized
from telemetry_site.core.identity.caller import Caller
from tests.alarms.sent import (
    ADMIN,
    COLLEAGUE,
    EVENT,
    MEMBER,
    STRANGER,
    THRESHOLD,
    body,
    created,
)
from tests.factories import MOMENT

pytestmark = pytest.mark.django_db

LATER = MOMENT + timedelta(hours=1)
BY_HAND = "Manually set via API"


def replace(alarm: Alarm, caller: Caller = MEMBER, **named: Any) -> Alarm:
    read = definition.read(body(**named))
    return services.replace(alarm.alarm_id, read, caller, LATER)


def history(alarm_id: str) -> list[AlarmChange]:
    """The oldest first."""
    return list(AlarmChange.objects.filter(alarm_id=alarm_id).order_by("pk"))


def last_detail(alarm_id: str) -> Any:
    return json.loads(history(alarm_id)[-1].detail)


def stored(alarm: Alarm) -> Alarm:
    return Alarm.objects.get(pk=alarm.pk)


def evaluated(alarm: Alarm, state: str) -> None:
    """As the evaluation leaves an alarm."""
    Alarm.objects.filter(pk=alarm.pk).update(
        state=state,
        state_reason="Transition",
        state_timestamp=MOMENT + timedelta(minutes=5),
        coming_state="ok",
        coming_rounds=2,
    )


def test_it_makes_an_alarm() -> None:
    found = stored(created())
    assert len(found.alarm_id) == 36
    assert (found.user_id, found.project_id, found.confined_to) == ("u1", "p1", "p1")
    assert (found.meter, found.generation, found.enabled) == ("cpu_util", 0, True)
    assert (found.state, found.state_reason) == ("insufficient data", "Not evaluated yet")
    assert {found.timestamp, found.state_timestamp, found.evaluate_timestamp} == {MOMENT}
    assert json.loads(found.rule) == {
        "meter_name": "cpu_util", "query": [{"field": "project_id", "op": "eq", "value": "p1"}],
        "period": 60, "evaluation_periods": 1, "threshold": 80.0, "comparison_operator": "gt",
        "statistic": "avg", "exclude_outliers": False,
    }  # fmt: skip


def test_its_creation_is_told_in_full() -> None:
    alarm = created(severity="critical", state="ok", alarm_actions=["http://one"])
    (line,) = history(alarm.alarm_id)
    assert (line.type, line.severity, line.state) == ("creation", "critical", "ok")
    assert (line.user_id, line.project_id, line.on_behalf_of) == ("u1", "p1", "p1")
    assert (line.timestamp, len(line.event_id)) == (MOMENT, 36)
    assert json.loads(line.detail) == {
        "alarm_id": alarm.alarm_id,
        "name": "busy",
        "description": "Alarm when cpu_util is gt a avg of 80.0 over 60 seconds",
        "enabled": True,
        "ok_actions": [],
        "alarm_actions": ["http://one"],
        "insufficient_data_actions": [],
        "repeat_actions": False,
        "type": "threshold",
        "time_constraints": [],
        "project_id": "p1",
        "user_id": "u1",
        "timestamp": "2026-03-01T12:00:00",
        "state": "ok",
        "state_timestamp": "2026-03-01T12:00:00",
        "state_reason": "Not evaluated yet",
        "severity": "critical",
        "evaluate_timestamp": "2026-03-01T12:00:00",
        "rule": json.loads(alarm.rule),
    }


@pytest.mark.parametrize(
    ("caller", "named", "query", "confined"),
    [
        (MEMBER, {}, ["p1"], "p1"),
        (ADMIN, {}, [], None),
        (ADMIN, {"project_id": "admin"}, [], None),
        (ADMIN, {"project_id": "p1"}, ["p1"], "p1"),
    ],
)
def test_it_is_confined_to_its_project_unless_it_is_an_admins_own(
    caller: Caller, named: Mapping[str, Any], query: list[str], confined: str | None
) -> None:
    alarm = created(caller, **named)
    assert [one["value"] for one in json.loads(alarm.rule)["query"]] == query
    assert stored(alarm).confined_to == confined


def test_a_rule_about_another_project_is_refused() -> None:
    query = [{"field": "project_id", "op": "eq", "value": "p2"}]
    with pytest.raises(NotAuthorized) as caught:
        created(threshold_rule={**THRESHOLD, "query": query})
    assert str(caught.value) == "Not Authorized to access project p2"
    assert not Alarm.objects.exists()


def test_nothing_of_an_alarm_for_somebody_else_is_made() -> None:
    with pytest.raises(NotAuthorized, match="user u9"):
        created(user_id="u9")
    assert not Alarm.objects.exists()
    assert not AlarmChange.objects.exists()


def test_it_replaces_all_of_an_alarm() -> None:
    alarm = created(severity="critical", enabled=False, hold_rounds=3, alarm_actions=["http://a"])
    replace(alarm, name="quiet", event_rule=EVENT)
    found = stored(alarm)
    assert (found.name, found.type, found.meter) == ("quiet", "event", None)
    assert (found.severity, found.enabled, found.alarm_actions) == ("low", True, [])
    assert (found.hold_rounds, found.generation) == (1, 1)
    assert (found.timestamp, found.evaluate_timestamp) == (LATER, MOMENT)


def test_a_replacement_is_told_by_what_has_changed() -> None:
    alarm = created(severity="critical", no_data="ok")
    query = json.loads(alarm.rule)["query"]
    replace(alarm, name="quiet", threshold_rule={**THRESHOLD, "threshold": 5, "query": query})
    line = history(alarm.alarm_id)[-1]
    assert (line.type, line.timestamp, line.state, line.severity) == (
        "rule change", LATER, "", "low",
    )  # fmt: skip
    assert json.loads(line.detail) == {
        "name": "quiet",
        "description": "Alarm when cpu_util is gt a avg of 5.0 over 60 seconds",
        "severity": "low",
        "no_data": "insufficient data",
        "rule": json.loads(stored(alarm).rule),
    }


def test_a_replacement_by_the_same_is_told_by_nothing() -> None:
    alarm = created()
    replace(alarm)
    assert [line.type for line in history(alarm.alarm_id)] == ["creation"]
    assert stored(alarm).timestamp == LATER


def test_a_replacement_without_a_state_resets_it() -> None:
    alarm = created()
    evaluated(alarm, "alarm")
    replace(alarm)
    found = stored(alarm)
    assert (found.state, found.state_reason) == ("insufficient data", BY_HAND)
    assert (found.state_timestamp, found.coming_state, found.coming_rounds) == (LATER, "", 0)
    line = history(alarm.alarm_id)[-1]
    assert (line.type, line.state) == ("rule change", "insufficient data")
    assert json.loads(line.detail) == {"state": "insufficient data", "state_reason": BY_HAND}


def test_a_replacement_by_the_state_it_has_leaves_why_and_since_when() -> None:
    alarm = created()
    evaluated(alarm, "alarm")
    replace(alarm, state="alarm")
    found = stored(alarm)
    assert (found.state, found.state_reason) == ("alarm", "Transition")
    assert found.state_timestamp == datetime(2026, 3, 1, 12, 5, tzinfo=UTC)
    assert [line.type for line in history(alarm.alarm_id)] == ["creation"]


def test_a_replacement_may_keep_the_state_that_it_finds() -> None:
    alarm = created()
    evaluated(alarm, "alarm")
    read = definition.read(body(name="quiet", state="ok"))
    services.replace(alarm.alarm_id, read, MEMBER, LATER, keeps_state=True)
    found = stored(alarm)
    assert (found.name, found.state, found.state_reason) == ("quiet", "alarm", "Transition")
    assert json.loads(history(alarm.alarm_id)[-1].detail).keys() == {"name"}


def test_what_evaluation_read_before_it_does_not_write_any_more() -> None:
    alarm = created(state="ok")
    read = stored(alarm)
    replace(alarm, state="ok", severity="moderate")
    as_read = Alarm.objects.filter(pk=alarm.pk, generation=read.generation, state=read.state)
    assert not as_read.update(state="alarm")


def test_a_colleague_takes_an_alarm_over_and_an_admin_does_not() -> None:
    alarm = created()
    replace(alarm, COLLEAGUE, user_id="u1", project_id="p9")
    assert (stored(alarm).user_id, stored(alarm).project_id) == ("u3", "p1")
    assert last_detail(alarm.alarm_id) == {"user_id": "u3"}
    replace(alarm, ADMIN)
    assert (stored(alarm).user_id, stored(alarm).confined_to) == ("u3", "p1")
    replace(alarm, ADMIN, project_id="p9", user_id="u9")
    found = stored(alarm)
    assert (found.user_id, found.project_id, found.confined_to) == ("u9", "p9", "p9")
    line = history(alarm.alarm_id)[-1]
    assert (line.user_id, line.project_id, line.on_behalf_of) == ("root", "admin", "p9")


def test_an_admins_own_alarm_is_confined_once_a_member_changes_it() -> None:
    alarm = created(ADMIN)
    member = Caller("u5", "admin", frozenset({"member"}))
    replace(alarm, member)
    assert stored(alarm).confined_to == "admin"


def test_it_deletes_an_alarm_and_keeps_its_history() -> None:
    alarm = created()
    EvaluationCount.objects.create(alarm=alarm)
    services.delete(alarm.alarm_id, COLLEAGUE, LATER)
    assert not Alarm.objects.exists()
    assert not EvaluationCount.objects.exists()
    creation, deletion = history(alarm.alarm_id)
    assert (deletion.type, deletion.timestamp, deletion.user_id) == ("deletion", LATER, "u3")
    assert json.loads(deletion.detail) == json.loads(creation.detail)


@pytest.mark.parametrize("state", ["ok", "insufficient data"])
def test_it_sets_the_state_even_to_what_it_is(state: Any) -> None:
    alarm = created()
    evaluated(alarm, "ok")
    assert services.set_state(alarm.alarm_id, state, MEMBER, LATER).state == state
    found = stored(alarm)
    assert (found.state, found.state_reason, found.state_timestamp) == (state, BY_HAND, LATER)
    assert (found.coming_state, found.coming_rounds, found.generation) == ("", 0, 1)
    assert found.timestamp == MOMENT
    line = history(alarm.alarm_id)[-1]
    assert (line.type, line.state, line.user_id) == ("state transition", state, "u1")
    assert json.loads(line.detail) == {"state": state, "state_reason": BY_HAND}


@pytest.mark.parametrize("alarm_id", ["", "no-such-alarm", "a\0b", "x" * 5000])
def test_it_finds_no_alarm_that_is_not_there(alarm_id: str) -> None:
    alarm = created()
    for caller, name in ((MEMBER, alarm_id), (STRANGER, alarm.alarm_id)):
        with pytest.raises(AlarmNotFound):
            services.replace(name, definition.read(body()), caller, LATER)
        with pytest.raises(AlarmNotFound):
            services.delete(name, caller, LATER)
        with pytest.raises(AlarmNotFound):
            services.set_state(name, "ok", caller, LATER)
    assert [line.type for line in history(alarm.alarm_id)] == ["creation"]


def combined(*alarm_ids: str) -> dict[str, Any]:
    return {"combination_rule": {"alarm_ids": list(alarm_ids)}}


def test_it_combines_alarms_that_are_there_to_see() -> None:
    one, two, foreign = created(), created(), created(STRANGER)
    both = created(**combined(one.alarm_id, two.alarm_id))
    assert json.loads(both.rule)["operator"] == "and"
    for caller, ids, text in (
        (MEMBER, ("nope", one.alarm_id), "Alarm nope not found in project p1"),
        (MEMBER, (one.alarm_id, foreign.alarm_id),
         f"Alarm {foreign.alarm_id} not found in project p1"),
        (ADMIN, (one.alarm_id, "nope"), "Alarm nope not found"),
    ):  # fmt: skip
        with pytest.raises(AlarmNotFound) as caught:
            created(caller, **combined(*ids))
        assert str(caught.value) == text
    created(ADMIN, **combined(one.alarm_id, foreign.alarm_id))
    with pytest.raises(AlarmNotFound) as caught:
        created(ADMIN, project_id="p1", **combined(one.alarm_id, foreign.alarm_id))
    assert str(caught.value) == f"Alarm {foreign.alarm_id} not found in project p1"


def test_an_alarm_does_not_combine_itself() -> None:
    one, two = created(), created()
    with pytest.raises(BadRequest) as caught:
        replace(one, **combined(two.alarm_id, one.alarm_id))
    text = f"Cannot specify alarm {one.alarm_id} itself in combination rule"
    assert str(caught.value) == text
    with pytest.raises(AlarmNotFound, match="nope"):
        replace(one, **combined(two.alarm_id, "nope"))


def test_names_may_be_the_same() -> None:
    created()
    replace(created(name="other"))
    assert Alarm.objects.filter(name="busy").count() == 2


def test_names_differ_where_they_have_to(settings: LazySettings) -> None:
    settings.TELEMETRY = {**settings.TELEMETRY, "ALARM_UNIQUE_NAMES": True}
    created()
    created(STRANGER)
    with pytest.raises(Conflict) as caught:
        created()
    assert str(caught.value) == "Alarm with name='busy' exists"
    other = created(name="other")
    with pytest.raises(Conflict) as caught:
        replace(other)
    assert str(caught.value) == "Alarm with name=busy exists"
    replace(other, name="other")
    assert stored(other).name == "other"


def test_whoever_knows_the_event_alarms_by_heart_is_told_of_every_change() -> None:
    def generation() -> int:
        return sum(EventAlarms.objects.values_list("generation", flat=True))

    threshold = created()
    assert generation() == 0
    alarm = created(event_rule=EVENT)
    assert generation() == 1
    replace(alarm, event_rule=EVENT, enabled=False)
    assert generation() == 2
    replace(alarm)  # no event alarm any more
    assert generation() == 3
    replace(alarm)
    assert generation() == 3
    replace(alarm, event_rule=EVENT)
    services.delete(alarm.alarm_id, MEMBER, LATER)
    assert generation() == 5
    services.delete(threshold.alarm_id, MEMBER, LATER)
    assert generation() == 5


def test_a_failure_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    alarm = created()

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(services, "_note_event_alarm", fail)
    with pytest.raises(ZeroDivisionError):
        replace(alarm, name="quiet")
    with pytest.raises(ZeroDivisionError):
        services.delete(alarm.alarm_id, MEMBER, LATER)
    assert stored(alarm).name == "busy"
    assert [line.type for line in history(alarm.alarm_id)] == ["creation"]


def test_a_detail_of_an_alarm_shows_ours_where_they_differ() -> None:
    shown = wire.detail(created(no_data="keep", hold_rounds=2))
    assert (shown["no_data"], shown["hold_rounds"]) == ("keep", 2)


@pytest.mark.django_db(transaction=True)
def test_of_those_who_replace_it_at_once_the_last_wins_whole() -> None:
    """And the history, told again, leads to what is stored."""
    alarm = created()
    severities = ("low", "moderate", "critical")

    def change(number: int) -> None:
        for severity in severities:
            name = f"{number} {severity}"
            replace(alarm, name=name, description=name, severity=severity, hold_rounds=number)
        connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(change, range(1, 5)))
    found = stored(alarm)
    assert found.name == found.description == f"{found.hold_rounds} {found.severity}"
    assert found.generation == 12
    creation, *changes = (json.loads(line.detail) for line in history(alarm.alarm_id))
    told = {"hold_rounds": 1, **creation}
    for one in changes:
        told |= one
    assert told | {"timestamp": ""} == {"hold_rounds": 1, **wire.detail(found), "timestamp": ""}
