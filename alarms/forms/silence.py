"""The form of a silence: of one alarm, or of those of a project or of a name."""

from datetime import datetime, timedelta
from typing import Any, Final

from django import forms

from alarms.forms.fields import MomentField, choice, text

LASTING: Final = (
    ("1800", "30 minutes"),
    ("3600", "1 hour"),
    ("14400", "4 hours"),
    ("86400", "1 day"),
    ("604800", "7 days"),
)


class SilenceForm(forms.Form):
    """How long, and why."""

    lasting = choice("For", LASTING)
    until = MomentField(
        label="Or until, in UTC",
        required=False,
        widget=forms.TextInput({"placeholder": "2026-03-01 12:00"}),
    )
    reason = text("Reason", hint="maintenance")

    def __init__(self, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")

    def problem(self) -> str:
        """What is wrong, where only a line can be shown."""
        return " ".join(str(text) for some in self.errors.values() for text in some)

    def said(self, now: datetime) -> dict[str, Any]:
        """What a silence needs; a moment goes before a length of time."""
        found = dict(self.cleaned_data)
        lasting, until = found.pop("lasting"), found.pop("until")
        return {**found, "ends_at": until or now + timedelta(seconds=int(lasting or 0))}


class WideSilenceForm(SilenceForm):
    """Of whatever fits."""

    name_pattern = text("Names like", "* and ? stand for any signs.", "web-*")
    project_id = text("Project")
    alarm_id = text("Id of an alarm")
    field_order = ("name_pattern", "project_id", "alarm_id", "lasting", "until", "reason")
