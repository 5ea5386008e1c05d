"""An alarm in a form: filled in, read, tried, and saved; what is refused stands in the form."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from alarms import alarmpage, curves, definition, queries, services, wire
from alarms.definition import Definition
from alarms.forms.alarm import AlarmForm
from alarms.forms.fields import Choices
from alarms.forms.types import ABOUT, MOST_OFFERED, form_for, usual
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

    def others(chosen: Sequence[str]) -> Choices:
        return _others(caller, alarm, chosen)

    sees_all = caller.confined_to is None
    return kind(sent, initial, sees_all=sees_all, owned=alarm is not None, others=others)


def types(caller: Caller) -> dict[str, tuple[str, str]]:
    """The types that the caller may make alarms of, in words: Prometheus knows no projects."""
    sees_all = caller.confined_to is None
    return {name: words for name, words in ABOUT.items() if sees_all or name != "prometheus"}


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
        "sentence": alarmpage.in_words(said.rule, caller),
    }


def suggested(caller: Caller) -> list[str]:
    """Names of meters, as many as help."""
    names = meters.series(caller).values_list("meter", flat=True).order_by("meter").distinct()
    return list(names[:MOST_SUGGESTED])


def _others(caller: Caller, alarm: Alarm | None, chosen: Sequence[str]) -> Choices:
    """Those that are chosen, and the first ones that may be."""
    rows = queries.alarms(caller).exclude(pk=alarm.pk if alarm else "").order_by("name", "pk")
    kept = rows.filter(pk__in=[one for one in chosen if "\0" not in one])
    words = {one.pk: f"{one.name} ({one.state})" for one in (*kept, *rows[:MOST_OFFERED])}
    return list(words.items())
