"""An alarm in a form: filled in, read, tried, and saved; what is refused stands in the form."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from alarms import alarmpage, curves, definition, queries, services, wire
from alarms.definition import Definition
from alarms.forms.alarm import AlarmForm
from alarms.forms.types import CombinationForm, form_for, usual
from alarms.models import Alarm
from alarms.preview import preview
from alarms.watched import rule_of
from meters import queries as meters
from telemetry_site.core.errors import TelemetryError
from telemetry_site.core.identity.caller import Caller

MOST_SUGGESTED: Final = 500
CHANGED: Final = (
    "Somebody has changed this alarm since you opened the form. Look at it once more; saved again, "
    "this form goes before it."
)


def form_of(
    type_: str,
    alarm: Alarm | None,
    caller: Caller,
    given: Mapping[str, str],
    sent: Mapping[str, Any] | None,
) -> AlarmForm:
    """The form of a type, as it was sent, or with what the alarm is, or with what the URL gives."""
    kind = form_for(type_)
    initial = {**usual(kind), **given}
    if alarm is not None:
        initial = {
            **initial,
            **kind.filled(wire.shown(alarm, None), rule_of(alarm.type, alarm.rule)),
        }
    others = _others(caller, alarm) if kind is CombinationForm else ()
    sees_all = caller.confined_to is None
    return kind(sent, initial, sees_all=sees_all, others=others)


def read(form: AlarmForm) -> Definition | None:
    """What the form defines; None where that is refused."""
    if not form.is_valid():
        return None
    try:
        return definition.read(form.body())
    except TelemetryError as error:
        form.refuse(error)
    return None


def save(
    form: AlarmForm, said: Definition, alarm: Alarm | None, caller: Caller, now: datetime
) -> Alarm | None:
    """The alarm as it is made, or changed in a state that stays; None where that is refused."""
    try:
        if alarm is None:
            return services.create(said, caller, now)
        return services.replace(alarm.alarm_id, said, caller, now, keeps_state=True)
    except TelemetryError as error:
        form.refuse(error)
    return None


def tried(form: AlarmForm, said: Definition, caller: Caller, now: datetime) -> dict[str, Any]:
    """How it would have behaved over the last day; nothing where that cannot be said."""
    try:
        found = preview(said, caller, now)
    except TelemetryError as error:
        form.refuse(error)
        return {}
    return {
        "tried": found,
        "bar": alarmpage.foreseen(found),
        "curve": curves.curve(found, said.rule, caller),
        "sentence": said.rule.sentence(),
    }


def suggested(caller: Caller) -> list[str]:
    """Names of meters, as many as help."""
    names = meters.series(caller).values_list("meter", flat=True).order_by("meter").distinct()
    return list(names[:MOST_SUGGESTED])


def _others(caller: Caller, alarm: Alarm | None) -> list[tuple[str, str]]:
    rows = queries.alarms(caller).exclude(pk=alarm.pk if alarm else "").order_by("name", "pk")
    return [(one.alarm_id, f"{one.name} ({one.state})") for one in rows[:MOST_SUGGESTED]]
