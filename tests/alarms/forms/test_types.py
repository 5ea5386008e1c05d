"""The form of each type: what the form of a stored alarm says is the alarm again."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.forms.models import model_to_dict
from django.http import QueryDict

from alarms import definition, wire
from alarms.forms.alarm import AlarmForm
from alarms.forms.fields import RowsField
from alarms.forms.types import ABOUT, FORMS, MOST_OFFERED, form_for, usual
from alarms.models import Alarm
from alarms.rules.registry import RULES
from alarms.watched import rule_of
from tests.alarms.made import make_alarm
from tests.alarms.sent import ADMIN, created

pytestmark = pytest.mark.django_db

BEYOND = {"comparison_operator": "lt", "threshold": 2.5}
GNOCCHI = {
    **BEYOND, "aggregation_method": "rate:mean", "granularity": 300, "evaluation_periods": 3,
}  # fmt: skip
BODIES: dict[str, Any] = {
    "threshold": {
        **BEYOND, "meter_name": "disk.usage", "statistic": "max", "period": 120,
        "evaluation_periods": 4, "exclude_outliers": True,
        "query": [{"field": "metadata.flavor", "op": "eq", "value": "m1;x=1", "type": "string"},
                  {"field": "resource_id", "op": "eq", "value": "vm 1"},
                  {"field": "user_id", "op": "eq", "value": ""}],
    },
    "event": {
        "event_type": "volume.*",
        "query": [{"field": "traits.size", "op": "gt", "value": "5", "type": "integer"},
                  {"field": "traits.fault", "op": "ne", "value": ""}],
    },
    "combination": {"operator": "or", "alarm_ids": ["one", "other"]},
    "composite": {"and": [{"or": [{"type": "threshold", "meter_name": "cpu", "threshold": 1},
                                  {"type": "threshold", "meter_name": "cpu", "threshold": 2}]},
                          {"type": "prometheus", "query": "up", "threshold": 3}]},
    "gnocchi_resources_threshold": {
        **GNOCCHI, "metric": "cpu", "resource_id": "vm-1", "resource_type": "instance",
    },
    "gnocchi_aggregation_by_metrics_threshold": {**GNOCCHI, "metrics": ["cpu", "vm-1/memory"]},
    "gnocchi_aggregation_by_resources_threshold": {
        **GNOCCHI, "metric": "cpu", "query": '{"=": {"server_group": "web"}}',
        "resource_type": "instance",
    },
    "prometheus": {**BEYOND, "query": 'rate(x{code="500"}[5m])'},
}  # fmt: skip
MORE: dict[str, Any] = {
    "severity": "critical", "description": "mine", "enabled": False, "repeat_actions": True,
    "alarm_actions": ["http://a/?x=1", "log://"], "ok_actions": ["http://b"],
    "insufficient_data_actions": [], "no_data": "keep", "hold_rounds": 3, "user_id": "somebody",
    "time_constraints": [{"name": "n", "start": "0 8 * * mon-fri", "duration": 600,
                          "timezone": "Europe/Berlin", "description": "by day"}],
}  # fmt: skip


def stored(kind: str, **more: Any) -> Alarm:
    if kind == "combination":
        for one in BODIES[kind]["alarm_ids"]:
            make_alarm(alarm_id=one)
    return created(ADMIN, **{f"{kind}_rule": BODIES[kind]}, **more)


def sent_by(form: AlarmForm) -> QueryDict:
    """What a browser sends of a form as it is shown."""
    sent = QueryDict(mutable=True)
    for bound in form:
        value = bound.value()
        if isinstance(bound.field, RowsField):
            for row in bound.rows:  # type: ignore[attr-defined]  # of its own bound field
                for column, cell in row:
                    sent.appendlist(f"{bound.name}.{column.name}", str(cell))
        elif isinstance(value, bool):
            sent.setlist(bound.name, ["on"] if value else [])
        elif bound.name == "alarm_ids":
            sent.setlist(bound.name, value)
        else:
            sent[bound.name] = str(bound.field.prepare_value(value) if value is not None else "")
    return sent


def again(alarm: Alarm) -> AlarmForm:
    kind = form_for(alarm.type)
    shown = kind.filled(wire.shown(alarm, None), rule_of(alarm.type, alarm.rule))
    form = kind(sent_by(kind(initial=shown, sees_all=True)), sees_all=True)
    assert form.is_valid(), form.errors
    return form


@pytest.mark.parametrize("kind", list(RULES))
@pytest.mark.parametrize("more", [{}, MORE], ids=["plain", "full"])
def test_a_stored_alarm_passes_through_its_form(kind: str, more: dict[str, Any]) -> None:
    alarm = stored(kind, **more)
    body = {**again(alarm).body(), "state": alarm.state}
    read, wanted = definition.read(body), definition.read(wire.shown(alarm, None))
    assert read.rule.shown() == wanted.rule.shown()
    for name in definition.Definition.__dataclass_fields__:
        if name != "rule":
            assert getattr(read, name) == getattr(wanted, name), name


def test_every_type_has_a_form_and_words() -> None:
    assert set(FORMS) == set(ABOUT) == set(RULES)
    assert all(kind.type == name for name, kind in FORMS.items())


def test_a_description_of_the_rule_is_left_to_the_rule() -> None:
    alarm = created()
    assert "description" not in again(alarm).body()
    assert model_to_dict(alarm)["description"].startswith("Alarm when cpu_util")


def test_what_is_left_empty_is_left_out() -> None:
    sent = QueryDict("name=x&meter_name=cpu&threshold=5&severity=low&period=&query.field=")
    form = FORMS["threshold"](sent, sees_all=False)
    assert form.is_valid()
    assert form.body() == {
        "name": "x", "severity": "low", "type": "threshold", "enabled": False,
        "repeat_actions": False, "alarm_actions": [], "ok_actions": [],
        "insufficient_data_actions": [], "time_constraints": [],
        "threshold_rule": {
            "meter_name": "cpu", "threshold": "5", "query": [], "exclude_outliers": False,
        },
    }  # fmt: skip


def test_only_who_sees_all_says_whose_it_is() -> None:
    assert "project_id" in FORMS["event"](sees_all=True).fields
    assert "project_id" not in FORMS["event"](sees_all=False).fields


def test_an_alarm_that_is_gone_can_be_taken_off_a_combination() -> None:
    form = FORMS["combination"](
        initial={"alarm_ids": ["gone"]}, sees_all=False, others=lambda chosen: [("one", "One (ok)")]
    )
    shown = str(form["alarm_ids"])
    assert "gone, which is not there any more" in shown
    assert "One (ok)" in shown


def test_alarms_are_named_by_their_ids_where_there_are_too_many_to_show() -> None:
    def many(chosen: Sequence[str]) -> list[tuple[str, str]]:
        return [(f"{number}", "One") for number in range(MOST_OFFERED)]

    sent = QueryDict("name=x&operator=or&alarm_ids=1&more_ids=one%0Aother")
    form = FORMS["combination"](sent, sees_all=False, others=many)
    assert form.is_valid()
    assert form.body()["combination_rule"] == {
        "operator": "or", "alarm_ids": ["1", "one", "other"],
    }  # fmt: skip
    few = FORMS["combination"](sent, sees_all=False, others=lambda chosen: many(chosen)[1:])
    assert "more_ids" not in few.fields


def test_the_owners_of_a_stored_alarm_stay() -> None:
    kind = FORMS["event"]
    hints = [
        str(kind(sees_all=True, owned=owned)["project_id"].help_text) for owned in (False, True)
    ]
    assert ["it is yours" in hint for hint in hints] == [True, False]


def test_a_new_alarm_begins_with_what_is_usual() -> None:
    found = usual(FORMS["threshold"])
    assert (found["comparison_operator"], found["enabled"]) == ("gt", True)
    assert "resource_type" not in found
