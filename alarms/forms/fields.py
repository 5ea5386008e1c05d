"""Fields of forms whose values are what the API takes; what is wrong with them, that says."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from telemetry_site.core.clock import utc

NO_TIME: Final = "Write a time as 2026-03-01 12:00."
Choices = Sequence[tuple[str, str]]
Others = Callable[[Sequence[str]], Choices]  # what may be chosen: what is chosen, and more


class Column(NamedTuple):
    """A part of each row of a list: its name, its label, and what may be chosen or is hinted at.

    What is left empty is not said, unless `bare`: then it is the empty text.
    """

    name: str
    label: str
    hint: str = ""
    choices: Choices = ()
    bare: bool = False


def named(words: Iterable[str]) -> Choices:
    """Words to choose from that are called what they are."""
    return [(word, word) for word in words]


def text(label: str, help_text: str = "", hint: str = "", **attrs: str) -> forms.CharField:
    """A text on one line; left empty, it is not said."""
    widget = forms.TextInput({"placeholder": hint, **attrs} if hint else attrs)
    return forms.CharField(label=label, help_text=help_text, required=False, widget=widget)


def number(label: str, help_text: str = "", hint: str = "") -> forms.CharField:
    """A number, which is read where all numbers are."""
    return text(label, help_text, hint, inputmode="decimal")


def yes(label: str, help_text: str = "") -> forms.BooleanField:
    """A box to tick."""
    return forms.BooleanField(label=label, help_text=help_text, required=False)


def choice(label: str, choices: Choices, help_text: str = "") -> forms.ChoiceField:
    """One of a few words."""
    return forms.ChoiceField(label=label, choices=choices, help_text=help_text, required=False)


class MomentField(forms.CharField):
    """A time in UTC, written as ISO 8601."""

    def to_python(self, value: Any) -> Any:
        """The moment; None without one."""
        said = super().to_python(value)
        try:
            return utc(said) if said else None
        except (ValueError, OverflowError) as error:
            raise ValidationError(NO_TIME) from error


class LinesField(forms.CharField):
    """A list of texts, each on a line of its own."""

    def to_python(self, value: Any) -> Any:
        """The lines that are not empty."""
        return [line.strip() for line in (value or "").splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        """As it is written into the form."""
        return value if isinstance(value, str) else "\n".join(value or ())


class DocumentField(forms.JSONField):
    """JSON, indented."""

    def to_python(self, value: Any) -> Any:
        """What it says; None where nothing does."""
        try:
            return json.loads(value) if value else None
        except (ValueError, RecursionError) as error:
            raise ValidationError(f"This is not JSON: {error}.") from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        """The text as it was sent, whatever it is."""
        return data

    def prepare_value(self, value: Any) -> Any:
        """As it is written into the form."""
        if value is None or isinstance(value, str):
            return value or ""
        return json.dumps(value, indent=2, ensure_ascii=False)


def lines(label: str, help_text: str = "") -> LinesField:
    """A list of texts."""
    widget = forms.Textarea({"rows": 3})
    return LinesField(label=label, help_text=help_text, required=False, widget=widget)


def document(label: str, hint: str) -> DocumentField:
    """A JSON text of many lines."""
    widget = forms.Textarea({"rows": 12, "class": "mono", "placeholder": hint})
    return DocumentField(label=label, required=False, widget=widget)


class SomeField(forms.MultipleChoiceField):
    """Boxes to tick; whether there is such a thing is found out elsewhere."""

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value: Any) -> Any:
        """A URL gives one."""
        return [value] if isinstance(value, str) else value

    def valid_value(self, value: Any) -> bool:
        """Any is."""
        return True


class RowsWidget(forms.Widget):
    """Inputs in rows; those of a column share a name."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = columns

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The cells of the rows in which something stands."""
        lists = [data.getlist(f"{name}.{one.name}") for one in self.columns]
        rows = zip(*lists, strict=False)
        return [
            self._row(cells) for cells in rows if any(cell.strip() for cell in self._typed(cells))
        ]

    def _typed(self, cells: Sequence[str]) -> Iterable[str]:
        """Those that somebody has written: a choice is always made."""
        return (cell for one, cell in zip(self.columns, cells, strict=True) if not one.choices)

    def _row(self, cells: Sequence[str]) -> dict[str, str]:
        pairs = zip(self.columns, cells, strict=True)
        return {one.name: cell for one, cell in pairs if cell or one.bare}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether the form had none of it."""
        return all(f"{name}.{one.name}" not in data for one in self.columns)

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """It is a group: no single input is meant."""
        return ""


class RowsBound(BoundField):
    """What the template shows of the rows, with an empty one to be filled."""

    @property
    def rows(self) -> list[list[tuple[Column, Any]]]:
        """The cells of each row with their columns."""
        columns: Sequence[Column] = self.field.widget.columns
        found: Sequence[Mapping[str, Any]] = [*(self.value() or ()), {}]
        return [[(one, row.get(one.name, "")) for one in columns] for row in found]


class RowsField(forms.Field):
    """A list of objects, a row for each."""

    bound_field_class = RowsBound

    def __init__(self, label: str, help_text: str, columns: Sequence[Column]) -> None:
        widget = RowsWidget(columns)
        super().__init__(label=label, help_text=help_text, required=False, widget=widget)

    def prepare_value(self, value: Any) -> Any:
        """A URL gives none."""
        return () if isinstance(value, str) else value
