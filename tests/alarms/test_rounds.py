import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings

from alarms import evaluation, rounds, transitions
from alarms.models import Alarm, AlarmChange, Delivery, EvaluationCount, EvaluationRound
from alarms.rounds import Ended
from meters.pipelines import publish
from telemetry_site.core.errors import TelemetryError
from tests.alarms.made import make_alarm, make_event_alarm, make_threshold
from tests.factories import make_sample
from tests.statements import sent

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ACTION = "http://a.example/"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def travel() -> Iterator[time_machine.Traveller]:
    """It is noon."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def feed(*volumes: float, before: datetime = NOON, **named: Any) -> None:
    """A sample for each minute up to the last one before that."""
    publish(
        [
            make_sample(volume, timestamp=before - (len(volumes) - place) * MINUTE, **named)
            for place, volume in enumerate(volumes)
        ]
    )


def state(alarm: Alarm) -> str:
    alarm.refresh_from_db()
    return alarm.state


def test_it_evaluates_alarms_of_every_type() -> None:
    feed(80.0)
    high = make_alarm(alarm_actions=[ACTION])
    low = make_alarm(make_threshold(threshold=90.0))
    silent = make_alarm(make_threshold(meter_name="nothing"))
    both = make_alarm({"operator": "or", "alarm_ids": [high.pk, low.pk]}, type="combination")
    leaves = [
        {"type": "threshold", **make_threshold()},
        {"type": "threshold", **make_threshold(threshold=90.0)},
    ]
    composed = make_alarm({"and": leaves}, type="composite")
    make_event_alarm()
    assert rounds.run(NOON) == Ended(evaluated=5, changed=4, actions=1)
    assert [state(one) for one in (high, low, silent, both, composed)] == [
        "alarm", "ok", "insufficient data", "alarm", "ok",
    ]  # fmt: skip
    assert high.state_reason == (
        "Transition to alarm due to 1 samples outside threshold, most recent: 80.0"
    )
    assert high.state_timestamp == NOON


def test_rounds_lie_on_a_grid(travel: time_machine.Traveller) -> None:
    moment = NOON + timedelta(seconds=7)
    travel.move_to(moment)
    assert rounds.run(moment) is not None
    row = EvaluationRound.objects.get()
    assert (row.slot, row.next_due, row.lease_until) == (NOON, NOON + MINUTE, None)
    assert rounds.run(NOON + timedelta(seconds=59)) is None
    assert rounds.run(NOON + 4 * MINUTE + timedelta(seconds=1)) is not None
    row.refresh_from_db()
    assert (row.slot, row.missed) == (NOON + 4 * MINUTE, 3)


def test_one_round_runs_at_a_time() -> None:
    first = rounds.claim(NOON)
    assert first is not None
    assert rounds.claim(NOON) is None
    assert rounds.run(NOON) is None
    assert rounds.run(NOON, forced=True) is None


def test_whoever_is_overtaken_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    feed(80.0)
    alarm = make_alarm(alarm_actions=[ACTION])
    real, later = evaluation.evaluate, NOON + timedelta(seconds=61)
    overtaken: list[object] = []

    def slow(*words: Any) -> Any:
        outcome = real(*words)
        if not overtaken:
            overtaken.append(1)
            assert rounds.run(later) == Ended(1, 1, 1)
        return outcome

    monkeypatch.setattr(rounds, "evaluate", slow)
    assert rounds.run(NOON) is None
    assert state(alarm) == "alarm"
    assert AlarmChange.objects.count() == Delivery.objects.count() == 1


def test_it_goes_on_behind_the_last_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "SLICE", 2)
    feed(80.0)
    made = [make_alarm(repeat_actions=True, alarm_actions=[ACTION]) for _ in range(5)]
    real, calls = transitions.write, 0

    def dying(*words: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise TelemetryError("the worker dies")
        return real(*words)

    monkeypatch.setattr(transitions, "write", dying)
    with pytest.raises(TelemetryError):
        rounds.run(NOON)
    row = EvaluationRound.objects.get()
    assert (row.evaluated, row.last_error, row.finished_at) == (2, "the worker dies", None)
    assert rounds.run(NOON + timedelta(seconds=10)) == Ended(3, 3, 3)
    assert {state(one) for one in made} == {"alarm"}
    assert Delivery.objects.count() == 5
    row.refresh_from_db()
    assert (row.evaluated, row.changed, row.last_error) == (5, 5, "")


def test_a_round_that_nobody_ended_is_not_gone_on_with_in_the_next_slot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    feed(80.0)
    make_alarm(repeat_actions=True, alarm_actions=[ACTION])
    assert rounds.claim(NOON)
    assert rounds.run(NOON + 2 * MINUTE) == Ended(1, 0, 0)  # the sample is too old by then


def test_what_is_disabled_is_left_alone() -> None:
    feed(80.0)
    alarm = make_alarm(enabled=False)
    assert rounds.run(NOON) == Ended(0, 0, 0)
    assert state(alarm) == "insufficient data"


def test_outside_of_its_time_constraints_an_alarm_is_left_alone() -> None:
    feed(80.0)
    hours = {"name": "n", "start": "0 20 * * *", "duration": 60, "timezone": "", "description": ""}
    alarm = make_alarm(time_constraints=[hours])
    assert rounds.run(NOON) == Ended(0, 0, 0)
    assert state(alarm) == "insufficient data"


def test_a_state_has_to_hold(travel: time_machine.Traveller) -> None:
    alarm = make_alarm(state="ok", hold_rounds=3, alarm_actions=[ACTION])
    seen = []
    for minute, volume in enumerate((80.0, 80.0, 10.0, 80.0, 80.0, 80.0, 80.0)):
        moment = NOON + minute * MINUTE
        travel.move_to(moment)
        feed(volume, before=moment)
        rounds.run(moment)
        seen.append(state(alarm))
    assert seen == ["ok", "ok", "ok", "ok", "ok", "alarm", "alarm"]
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    ("no_data", "after"),
    [("insufficient data", "insufficient data"), ("keep", "ok"), ("ok", "ok"), ("alarm", "alarm")],
)
def test_it_says_what_happens_without_data(no_data: str, after: str) -> None:
    alarm = make_alarm(state="ok", no_data=no_data)
    rounds.run(NOON)
    assert state(alarm) == after


def test_a_rule_that_cannot_be_read_leaves_the_others_alone() -> None:
    feed(80.0)
    bad, good = make_alarm({"no": "rule"}), make_alarm()
    rounds.run(NOON)
    assert (state(bad), state(good)) == ("insufficient data", "alarm")


def test_an_alarm_sees_its_project_alone() -> None:
    feed(80.0, project="p2")
    mine, all_ = make_alarm(), make_alarm(confined_to=None)
    rounds.run(NOON)
    assert (state(mine), state(all_)) == ("insufficient data", "alarm")


def test_a_round_takes_as_many_statements_for_many_alarms_as_for_few(
    travel: time_machine.Traveller,
) -> None:
    def statements(number: int, moment: datetime) -> int:
        travel.move_to(moment)
        names = [f"vm-{one}" for one in range(number)]
        publish([make_sample(80.0, timestamp=moment - MINUTE, resource=name) for name in names])
        for name in names:
            item = {"field": "resource_id", "op": "eq", "value": name, "type": "string"}
            make_alarm(make_threshold(query=[item]), alarm_actions=[ACTION])
        with sent() as found:
            rounds.run(moment)
        return len(found)

    rounds.run(NOON - MINUTE)
    assert statements(10, NOON) == statements(1_000, NOON + MINUTE)


def test_it_counts_what_it_finds_where_that_is_asked_for(settings: LazySettings) -> None:
    settings.TELEMETRY = {**settings.TELEMETRY, "EVALUATION_METRICS": True}
    feed(80.0)
    alarm = make_alarm()
    rounds.run(NOON)
    assert EvaluationCount.objects.get(alarm=alarm).in_alarm == 1


def test_what_caused_a_change_stands_in_the_history() -> None:
    feed(80.0)
    alarm = make_alarm()
    rounds.run(NOON)
    change = AlarmChange.objects.get(alarm_id=alarm.pk)
    assert json.loads(change.reason_data)["most_recent"] == 80.0


def test_resources_are_found_by_patterns_on_both_databases() -> None:
    feed(80.0, resource="web-1")
    feed(10.0, resource="db-1")
    rule = {
        "metric": "cpu_util", "resource_type": "instance", "query": '{"like": {"id": "w_b-%"}}',
        "aggregation_method": "mean", "granularity": 60, "evaluation_periods": 1,
        "comparison_operator": "gt", "threshold": 70.0,
    }  # fmt: skip
    alarm = make_alarm(rule, type="gnocchi_aggregation_by_resources_threshold")
    rounds.run(NOON)
    assert state(alarm) == "alarm"
