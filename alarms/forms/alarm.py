"""The form of an alarm, whatever its type; what it says is the body of a request."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.forms.boundfield import BoundField

from alarms.definition import SUFFIX
from alarms.forms.fields import (
    Column,
    Others,
    RowsField,
    choice,
    lines,
    named,
    number,
    text,
    yes,
)
from alarms.forms.refusals import field_of, words
from alarms.listing import SEVERITIES
from alarms.rules.rule import Rule
from alarms.states import ALARM, KEEP, OK, UNKNOWN
from telemetry_site.core.errors import TelemetryError

NO_DATA: Final = (
    (UNKNOWN, "the state is insufficient data"),
    (OK, "the state is ok"),
    (ALARM, "the state is alarm"),
    (KEEP, "the state stays as it is"),
)
CONSTRAINT: Final = (
    Column("name", "Name", "office hours"),
    Column("start", "Starts, as in cron", "0 8 * * mon-fri"),
    Column("duration", "Lasts, in seconds", "36000"),
    Column("timezone", "Time zone", "Europe/Berlin"),
    Column("description", "Description"),
)
OWNERS: Final = ("project_id", "user_id")
STAYS: Final = "Left empty, it stays as it is."
EACH_LINE: Final = "One address a line, such as https://example.org/hook."


class AlarmForm(forms.Form):
    """What all alarms have; the class of each type adds the fields of its rule."""

    type: ClassVar[str]
    # What an error is about that does not say so.
    main: ClassVar[str | None] = None

    name = text("Name")
    description = text("Description", "Left empty, it says what the rule is.")
    severity = choice("Severity", named(SEVERITIES))
    enabled = yes("Enabled")
    project_id = text("Project", "Left empty, it is yours, and the alarm is about all projects.")
    user_id = text("User")
    alarm_actions = lines("When it goes into alarm", EACH_LINE)
    ok_actions = lines("When it is ok again")
    insufficient_data_actions = lines("When data are missing")
    repeat_actions = yes("Repeat them in every round for as long as the state lasts")
    no_data = choice("Without data", NO_DATA)
    hold_rounds = number("Rounds a new state must hold", hint="1")
    time_constraints = RowsField(
        "Only at these times",
        "Without any, it is always evaluated. An empty row is not kept.",
        CONSTRAINT,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        initial: Mapping[str, Any] | None = None,
        *,
        sees_all: bool,
        owned: bool = False,
        others: Others = lambda chosen: (),
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), label_suffix="")
        for name in OWNERS:
            if not sees_all:
                del self.fields[name]
            elif owned:
                self.fields[name].help_text = STAYS
        self.offer(others)

    def offer(self, others: Others) -> None:
        """Let other alarms be chosen, where the rule is about them."""

    def body(self) -> dict[str, Any]:
        """What the fields say, as a client would send it; what is left empty is left out."""
        said = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        own = {name: said.pop(name) for name in self.rule_names() if name in said}
        return {**said, "type": self.type, f"{self.type}{SUFFIX}": self.rule(own)}

    def rule(self, said: dict[str, Any]) -> Any:
        """The rule, of what its fields say."""
        return said

    @classmethod
    def filled(cls, shown: Mapping[str, Any], rule: Rule) -> dict[str, Any]:
        """What stands in the form of a stored alarm, `shown` as the API shows it.

        A description that the rule gave itself is left to the rule.
        """
        found = {**shown, **cls.fill(shown.get(f"{cls.type}{SUFFIX}") or {})}
        if found["description"] == rule.description():
            del found["description"]
        return found

    @classmethod
    def fill(cls, rule: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values of the fields of the rule."""
        return rule

    @classmethod
    def rule_names(cls) -> list[str]:
        """The fields of the rule."""
        return [name for name in cls.base_fields if name not in AlarmForm.base_fields]

    def rule_fields(self) -> Iterator[BoundField]:
        """The same, to be shown; so are those below, by what they are about."""
        return self._some(self.rule_names())

    def about_fields(self) -> Iterator[BoundField]:
        """What it is called, and whose it is."""
        return self._some(("name", "severity", "description", *OWNERS))

    def action_fields(self) -> Iterator[BoundField]:
        """What is called."""
        return self._some(
            ("alarm_actions", "ok_actions", "insufficient_data_actions", "repeat_actions")
        )

    def evaluation_fields(self) -> Iterator[BoundField]:
        """How its state is found."""
        return self._some(("enabled", "no_data", "hold_rounds", "time_constraints"))

    def _some(self, names: Iterable[str]) -> Iterator[BoundField]:
        return (self[name] for name in names if name in self.fields)

    def refuse(self, error: TelemetryError) -> None:
        """Show beside its field why the body was not taken."""
        self.add_error(field_of(error, self.cleaned_data, self.main), words(error))
