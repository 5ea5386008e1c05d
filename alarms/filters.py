"""What the lists of alarms, and of what became of them, can be narrowed by."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django_filters import CharFilter, ChoiceFilter, Filter, TypedChoiceFilter

from alarms import silences
from alarms.forms.fields import MomentField, named
from alarms.listing import SEVERITIES
from alarms.models import Alarm, AlarmChange
from alarms.rules.registry import RULES
from alarms.services import CREATION, DELETION, RULE_CHANGE, STATE_TRANSITION
from alarms.states import STATES
from telemetry_site.core.filters import ListFilter, contains
from telemetry_site.core.identity.caller import Caller

KINDS: Final = (STATE_TRANSITION, CREATION, RULE_CHANGE, DELETION)
YES_NO: Final = (("", "Any"), ("yes", "Yes"), ("no", "No"))


def _choice(title: str, words: Any) -> Any:
    return ChoiceFilter(label=title, choices=named(words), empty_label="Any")


def _yes_or_no(title: str, **where: str) -> Any:
    return TypedChoiceFilter(label=title, choices=YES_NO, coerce="yes".__eq__, **where)


class MomentFilter(Filter):  # type: ignore[misc]  # django-filter carries no types
    """By a time in UTC."""

    field_class = MomentField


class OwnersFilter(ListFilter):
    """One who sees a single project is not asked for another."""

    def __init__(
        self, data: Mapping[str, Any], rows: QuerySet[Any], caller: Caller, now: datetime
    ) -> None:
        super().__init__(data, rows)
        self._now = now
        if caller.confined_to is not None:
            del self.filters["project"]


class AlarmFilter(OwnersFilter):
    """Narrows the list of alarms; a name is looked for anywhere in it, whatever its case."""

    name = contains("name", "Name")
    state = _choice("State", STATES)
    severity = _choice("Severity", SEVERITIES)
    type = _choice("Type", RULES)
    enabled = _yes_or_no("Enabled")
    silenced = _yes_or_no("Silenced", method="_silenced")
    project = CharFilter(field_name="project_id", label="Project")

    class Meta:
        """Over the alarms."""

        model = Alarm
        fields = ()

    def _silenced(self, rows: QuerySet[Alarm], name: str, wanted: bool) -> QuerySet[Alarm]:
        subjects = self.queryset.only("alarm_id", "project_id", "name")
        found = silences.matching(subjects, self._now)
        return rows.filter(pk__in=found) if wanted else rows.exclude(pk__in=found)


class ChangeFilter(OwnersFilter):
    """Narrows the history of all alarms."""

    alarm = CharFilter(field_name="alarm_id", label="Id of an alarm")
    type = _choice("What", KINDS)
    state = _choice("State", STATES)
    severity = _choice("Severity", SEVERITIES)
    since = MomentFilter(field_name="timestamp", lookup_expr="gte", label="Since")
    until = MomentFilter(field_name="timestamp", lookup_expr="lte", label="Until")
    project = CharFilter(field_name="on_behalf_of", label="Project")

    class Meta:
        """Over the changes."""

        model = AlarmChange
        fields = ()
