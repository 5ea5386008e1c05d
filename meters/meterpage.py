"""What the template of a meter's page is handed, from the definitions and the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from meters import pages, ranges
from meters.answers import Answer
from meters.questions import AGGREGATES, GROUPS, Question
from meters.samples import Meter, Sample

LABELS = dict(AGGREGATES)
GROUP_LABELS = dict(GROUPS)


@dataclass(frozen=True, slots=True)
class Definitions:
    """What a name stands for: each type and unit, with its counts; one of them is shown.

    `named` tells whether the URL names that one.
    """

    name: str
    chosen: Mapping[str, Any]
    others: Sequence[Mapping[str, Any]]
    named: bool

    @property
    def meter(self) -> Meter:
        """The meter that is shown."""
        return Meter(name=self.name, type=self.chosen["type"], unit=self.chosen["unit"])

    def in_url(self) -> dict[str, str]:
        """The parameters that name it, where the name alone might mean another."""
        return pages.definition(self.meter.type, self.meter.unit) if self.named else {}


def chosen(name: str, rows: Sequence[Mapping[str, Any]], params: Mapping[str, str]) -> Definitions:
    """The definition the parameters name; the first where they name none that there is."""
    wanted = {"type": params.get("type", ""), "unit": params.get("unit", "")}
    place = next((n for n, row in enumerate(rows) if _named(row) == wanted), None)
    shown = rows[place or 0]
    return Definitions(name, shown, [row for row in rows if row is not shown], place is not None)


def _named(row: Mapping[str, Any]) -> dict[str, str]:
    return pages.definition(row["type"], row["unit"])


def about(definitions: Definitions) -> dict[str, Any]:
    """The head of the page: which meter this is."""
    return {
        "meter": definitions.meter,
        "definition": definitions.chosen,
        "others": [_named(row) for row in definitions.others],
        "type_in_url": definitions.named,
    }


def controls(question: Question, named: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """The choices of the form, the steps through time, and what links must carry on."""
    shown = question.range
    start, end = ranges.in_url(shown.start), ranges.in_url(shown.end)
    carried = {**named, **question.in_url()}
    exact = {"start": start, "end": end, "period": question.period}
    return {
        "question": question,
        "aggregates": AGGREGATES,
        "groups": GROUPS,
        "presets": ranges.PRESETS,
        "automatic": ranges.automatic_period(shown.seconds),
        "periods": ranges.periods_for(shown, question.period),
        "chosen_period": question.period if question.chosen_period else 0,
        "start": start,
        "end": end,
        "start_text": start.replace("T", " "),
        "end_text": end.replace("T", " "),
        "earlier": shown.moved(-0.5).in_url(),
        "wider": shown.widened().in_url(),
        "later": shown.moved(0.5).in_url() if shown.end < now else None,
        "kept": {k: v for k, v in carried.items() if k not in ("range", "start", "end")},
        "csv": {**{k: v for k, v in carried.items() if k != "range"}, **exact},
    }


def numbers(answer: Answer, page: Mapping[str, Any]) -> dict[str, Any]:
    """The chart, its legend, and the rows of the table's page."""
    question = answer.question
    return {
        **page,
        "aggregate_label": LABELS[question.aggregate],
        "group_label": GROUP_LABELS[question.group] if question.group else "",
        "chart": answer.chart(),
        "drawn": pages.figures(answer.drawn, question.range.end),
        "totals": len(answer.totals),
        "left_out": answer.left_out,
        "rows": pages.figures(page["page"], question.range.end),
    }


def elsewhere(newest: Sample | None) -> dict[str, Any]:
    """Where to look when the range is empty."""
    around = ranges.day_of(newest.timestamp).in_url() if newest else {}
    return {"newest": newest, "around": around}
