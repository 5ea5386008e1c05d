"""An alarm in a form: read, tried, saved, and what is refused."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.http import QueryDict

from alarms import editing
from alarms.forms.alarm import AlarmForm
from alarms.models import Alarm
from meters.pipelines import publish
from telemetry_site.core.identity.caller import Caller
from tests.alarms.made import make_alarm
from tests.alarms.sent import ADMIN, MEMBER, STRANGER, created
from tests.factories import MOMENT, make_sample

pytestmark = pytest.mark.django_db(transaction=True)

BUSY = "name=busy&severity=low&meter_name=cpu_util&threshold=80&comparison_operator=gt&enabled=on"


def form_of(
    sent: str | None = BUSY, alarm: Alarm | None = None, caller: Caller = MEMBER, **given: str
) -> AlarmForm:
    kind = alarm.type if alarm else given.pop("type", "threshold")
    data = None if sent is None else QueryDict(sent)
    return editing.form_of(kind, alarm, caller, given, data)


def saved(form: AlarmForm, alarm: Alarm | None = None, caller: Caller = MEMBER) -> Alarm | None:
    said = editing.read(form)
    assert said, form.errors
    return editing.save(form, said, alarm, caller, MOMENT)


def test_it_makes_an_alarm() -> None:
    made = saved(form_of())
    assert made
    assert (made.name, made.project_id, made.user_id) == ("busy", "p1", "u1")
    assert made.description == "Alarm when cpu_util is gt a avg of 80.0 over 60 seconds"


def test_it_changes_an_alarm_whose_state_stays() -> None:
    """Also one that a round has found since the form was sent."""
    alarm = created()
    Alarm.objects.filter(pk=alarm.pk).update(state="alarm")
    changed = saved(form_of(BUSY.replace("80", "90"), alarm), alarm)
    assert changed
    assert changed.state == "alarm"
    assert '"threshold":90.0' in changed.rule


def test_an_admin_changes_it_for_its_owner() -> None:
    alarm = created()
    form = form_of(f"{BUSY}&project_id=p1&user_id=u1", alarm, ADMIN)
    changed = saved(form, alarm, ADMIN)
    assert changed
    assert (changed.project_id, changed.user_id, changed.confined_to) == ("p1", "u1", "p1")


def test_what_is_refused_stands_beside_its_field(settings: LazySettings) -> None:
    form = form_of("name=x&meter_name=cpu&threshold=much")
    assert editing.read(form) is None
    assert form.errors == {"threshold": ["A number is expected."]}
    settings.TELEMETRY = {**settings.TELEMETRY, "ALARM_PROJECT_QUOTA": 0}
    form = form_of()
    assert saved(form) is None
    assert str(form.non_field_errors()[0]).startswith("Alarm quota exceeded")


def test_a_name_that_is_taken_is_refused_where_that_matters(settings: LazySettings) -> None:
    settings.TELEMETRY = {**settings.TELEMETRY, "ALARM_UNIQUE_NAMES": True}
    created()
    form = form_of()
    assert saved(form) is None
    assert list(form.errors) == ["name"]


def test_a_try_shows_the_last_day() -> None:
    publish([make_sample(90.0, MOMENT - timedelta(minutes=n, seconds=30)) for n in (1, 2)])
    form = form_of()
    said = editing.read(form)
    assert said
    found = editing.tried(form, said, MEMBER, MOMENT)
    assert [one.current for one in found["tried"].moves] == ["alarm"]
    assert found["curve"].chart.threshold == 80.0
    assert found["bar"].shares["alarm"] > 0
    assert not Alarm.objects.exists()


def test_a_try_that_cannot_be_says_why() -> None:
    form = form_of("name=x&alarm_ids=a-1&alarm_ids=a-2&operator=and", type="combination")
    said = editing.read(form)
    assert said
    assert editing.tried(form, said, MEMBER, MOMENT) == {}
    assert "a-1 not found" in form.errors["alarm_ids"][0]


def test_it_begins_with_what_the_url_says() -> None:
    form = form_of(None, meter_name="cpu", statistic="max")
    assert (form["meter_name"].value(), form["statistic"].value()) == ("cpu", "max")
    assert form["comparison_operator"].value() == "gt"


@pytest.mark.parametrize(("caller", "names"), [(MEMBER, ["one"]), (STRANGER, ["two"])])
def test_others_are_those_that_the_caller_sees(caller: Caller, names: list[str]) -> None:
    make_alarm(name="one")
    make_alarm(name="two", project_id="p2")
    form: Any = form_of(None, caller=caller, type="combination")
    labels = [label for _, label in form.fields["alarm_ids"].choices]
    assert labels == [f"{name} (insufficient data)" for name in names]


def test_what_is_chosen_is_offered_however_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(editing, "MOST_OFFERED", 1)
    for name in ("a", "b", "c"):
        make_alarm(name=name, alarm_id=name)
    strange = quote("x\0y")
    form: Any = form_of(f"alarm_ids=c&alarm_ids={strange}", type="combination")
    words = ["c (insufficient data)", "a (insufficient data)"]
    assert [label for _, label in form.fields["alarm_ids"].choices][1:] == words


def test_meters_are_suggested_that_the_caller_sees() -> None:
    publish([make_sample(), make_sample(meter="cpu", project="p2"), make_sample(resource="vm-2")])
    assert editing.suggested(MEMBER) == ["cpu_util"]
    assert editing.suggested(ADMIN) == ["cpu", "cpu_util"]
