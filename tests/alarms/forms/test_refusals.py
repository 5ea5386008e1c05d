"""Which field an error is about: the errors are those that the API has for the same bodies."""

from typing import Any

import pytest
from django.http import QueryDict

from alarms import definition
from alarms.forms.alarm import AlarmForm
from alarms.forms.refusals import field_of, words
from alarms.forms.types import FORMS
from telemetry_site.core.errors import (
    AlarmNotFound,
    Conflict,
    Forbidden,
    NotAuthorized,
    TelemetryError,
)

THRESHOLD = {"name": "x", "meter_name": "cpu", "threshold": "1"}
NEEDED = "This is needed."


def form_of(kind: str, **said: Any) -> AlarmForm:
    sent = QueryDict(mutable=True)
    for name, value in said.items():
        sent.setlist(name.replace("__", "."), value if isinstance(value, list) else [value])
    form = FORMS[kind](sent, sees_all=True)
    assert form.is_valid(), form.errors
    return form


def refusal(kind: str, **said: Any) -> tuple[str | None, str]:
    """The field and the words of what is wrong with such a form."""
    form = form_of(kind, **said)
    try:
        read = definition.read(form.body())
        read.check_actions(2, is_admin=False)
    except TelemetryError as error:
        return field_of(error, form.cleaned_data, form.main), words(error)
    raise AssertionError(form.body())


@pytest.mark.parametrize(
    ("kind", "said", "field", "told"),
    [
        ("threshold", {}, "name", NEEDED),
        ("threshold", {"name": "x"}, "meter_name", NEEDED),
        ("threshold", {**THRESHOLD, "threshold": "hot"}, "threshold", "A number is expected."),
        ("threshold", {**THRESHOLD, "period": "1.5"}, "period", "A whole number is expected."),
        ("threshold", {**THRESHOLD, "period": "0"}, "period", "greater or equal to 1"),
        ("threshold", {**THRESHOLD, "hold_rounds": "0"}, "hold_rounds", "greater or equal to 1"),
        ("threshold", {**THRESHOLD, "query__field": "timestamp", "query__value": "x",
                       "query__type": ""}, "query", "timestamp"),
        ("threshold", {**THRESHOLD, "query__field": "", "query__value": "x", "query__type": ""},
         "query", NEEDED),
        ("threshold", {**THRESHOLD, "alarm_actions": "ftp://a"}, "alarm_actions", "ftp://a"),
        ("threshold", {**THRESHOLD, "ok_actions": "log://"}, "ok_actions", "not authorized"),
        ("threshold", {**THRESHOLD, "insufficient_data_actions": "http://a\nhttp://b\nhttp://c"},
         "insufficient_data_actions", "maximum value 2"),
        ("event", {"name": "x", "query__field": "a", "query__op": "eq", "query__value": "x",
                   "query__type": "integer"}, "query", "Unable to convert"),
        ("event", {"name": "x", "query__field": "a b", "query__op": "eq", "query__value": "x",
                   "query__type": ""}, "query", "Letters, digits"),
        ("combination", {"name": "x"}, "alarm_ids", "two different"),
        ("combination", {"name": "x", "alarm_ids": ["a", "a"]}, "alarm_ids", "two different"),
        ("composite", {"name": "x"}, "tree", "must be set"),
        ("composite", {"name": "x", "tree": "[1]"}, "tree", "dict"),
        ("composite", {"name": "x", "tree": '{"or": []}'}, "tree", "in the list"),
        ("composite", {"name": "x", "tree": '{"or": [{"type": "threshold", "period": 0}]}'}, "tree",
         ""),
        ("gnocchi_resources_threshold", {"name": "x", "aggregation_method": "most"},
         "threshold", NEEDED),
        ("gnocchi_resources_threshold",
         {"name": "x", "threshold": "1", "aggregation_method": "most"},
         "aggregation_method", "most"),
        ("gnocchi_aggregation_by_metrics_threshold",
         {"name": "x", "threshold": "1", "aggregation_method": "mean", "granularity": "day"},
         "granularity", "A whole number is expected."),
        ("gnocchi_aggregation_by_resources_threshold",
         {"name": "x", "threshold": "1", "aggregation_method": "mean", "metric": "cpu",
          "query": "{", "resource_type": "instance"}, "query", ""),
        ("prometheus", {"name": "x", "threshold": "1"}, "query", NEEDED),
    ],
)  # fmt: skip
def test_it_stands_beside_its_field(kind: str, said: dict[str, Any], field: str, told: str) -> None:
    found, text = refusal(kind, **said)
    assert found == field
    assert told in text
    assert "Invalid input" not in text


@pytest.mark.parametrize(
    ("constraint", "told"),
    [
        (("", "* * * * *", "60", ""), NEEDED),
        (("n", "sometimes", "60", ""), ""),
        (("n", "* * * * *", "-1", ""), "greater or equal to 0"),
        (("n", "* * * * *", "60", "Moon"), "Timezone Moon"),
    ],
)
def test_times_have_one_field_for_all_that_is_wrong(
    constraint: tuple[str, str, str, str], told: str
) -> None:
    names = ("name", "start", "duration", "timezone")
    parts = {
        f"time_constraints__{name}": value for name, value in zip(names, constraint, strict=True)
    }
    found, text = refusal("threshold", **THRESHOLD, **parts, time_constraints__description="")
    # A name that is missing is the alarm's as well as the constraint's: it is called the same.
    assert found == ("name" if told == NEEDED else "time_constraints")
    assert told in text


@pytest.mark.parametrize(
    ("error", "field"),
    [
        (Conflict("Alarm with name='x' exists"), "name"),
        (Forbidden("Alarm quota exceeded for user u1 on project p1"), None),
        (AlarmNotFound("a-1", "p1"), "alarm_ids"),
        (NotAuthorized("p2"), "alarm_ids"),
    ],
)
def test_what_the_services_refuse_has_its_place(error: TelemetryError, field: str | None) -> None:
    form = form_of("combination", name="x", alarm_ids=["a-1", "b"])
    assert field_of(error, form.cleaned_data, form.main) == field
