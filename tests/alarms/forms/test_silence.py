"""The form of a silence."""

from datetime import timedelta

from django.http import QueryDict

from alarms.forms.silence import SilenceForm, WideSilenceForm
from tests.factories import MOMENT


def test_it_lasts_or_ends() -> None:
    form = SilenceForm(QueryDict("lasting=3600&until=&reason=moving"))
    assert form.is_valid()
    assert form.said(MOMENT) == {"ends_at": MOMENT + timedelta(hours=1), "reason": "moving"}
    form = SilenceForm(QueryDict("lasting=3600&until=2026-03-02&reason=x"))
    assert form.is_valid()
    assert form.said(MOMENT)["ends_at"] == MOMENT.replace(day=2, hour=0)


def test_it_says_what_is_wrong_in_a_line() -> None:
    form = SilenceForm(QueryDict("lasting=5&until=soon"))
    assert not form.is_valid()
    assert "Write a time as" in form.problem()


def test_a_wide_one_says_what_it_is_about() -> None:
    form = WideSilenceForm(QueryDict("name_pattern=web-*&lasting=1800&reason=x"))
    assert form.is_valid()
    assert form.said(MOMENT)["name_pattern"] == "web-*"
    assert next(field.name for field in form) == "name_pattern"
