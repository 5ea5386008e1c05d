"""What a meter's page asks: read from its URL, put into words for the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias, get_args

from meters.ranges import Range, read_period, read_range
from meters.samples import Meter
from meters.selection import Bound, Selection
from meters.statistics import StatisticsQuery
from telemetry_site.core.query.tree import And, Compare, Node, Or

Group: TypeAlias = Literal["", "project", "resource", "user"]
Shown: TypeAlias = Literal["avg", "max", "min", "sum", "count"]
GroupKey: TypeAlias = tuple[str | None, ...]

GROUPS = (("", "Nothing"), ("project", "Project"), ("resource", "Resource"), ("user", "User"))
AGGREGATES = (
    ("avg", "Average"),
    ("max", "Maximum"),
    ("min", "Minimum"),
    ("sum", "Sum"),
    ("count", "Samples"),
)
# A counter's level is its latest number, what came in between adds up, a level averages.
USUAL: dict[str, Shown] = {"cumulative": "max", "delta": "sum", "gauge": "avg"}
FILTERS: tuple[Literal["resource"], Literal["project"]] = ("resource", "project")


@dataclass(frozen=True, slots=True)
class Question:
    """One meter over a range of time: how it is cut, grouped and narrowed.

    `resource` and `project` are empty where they do not narrow. `period` is in seconds;
    `chosen_period` is what the URL says, empty for the automatic one.
    """

    meter: Meter
    range: Range
    period: int
    chosen_period: str = ""
    group: Group = ""
    aggregate: Shown = "avg"
    resource: str = ""
    project: str = ""

    def totals(self) -> StatisticsQuery:
        """One row for each group over the whole range."""
        return StatisticsQuery(self._selection(), groupby=(self.group,) if self.group else ())

    def periods(
        self, groups: Sequence[GroupKey] | None = None, part: Range | None = None
    ) -> StatisticsQuery:
        """One row for each period and group: of these groups alone, of this part of the range."""
        selection = self._selection()
        if self.group and groups is not None:
            only = Or(tuple(_is(self.group, key[0]) for key in groups))
            selection = replace(selection, where=And((selection.where, only)))
        if part:
            selection = replace(selection, start=_from(part.start), end=_before(part.end))
        return replace(
            self.totals(), selection=selection, period=self.period, origin=self.range.start
        )

    def _selection(self) -> Selection:
        parts: list[Node] = [
            Compare("meter", "=", self.meter.name),
            Compare("type", "=", self.meter.type),
            _is("unit", self.meter.unit),
        ]
        parts += [
            Compare(name, "=", getattr(self, name)) for name in FILTERS if getattr(self, name)
        ]
        return Selection(And(tuple(parts)), _from(self.range.start), _before(self.range.end))

    def in_url(self) -> dict[str, str]:
        """The parameters that ask this again; what is usual is left out."""
        params = {"range": "", "start": "", "end": "", **self.range.in_url()}
        params |= {"period": self.chosen_period, "group": self.group}
        params |= {"aggregate": "" if self.aggregate == usual(self.meter) else self.aggregate}
        params |= {"resource": self.resource, "project": self.project}
        return {name: value for name, value in params.items() if value}


def usual(meter: Meter) -> Shown:
    """The aggregate that says most about a meter of this type."""
    return USUAL.get(meter.type, "avg")


def read_question(
    meter: Meter, params: Mapping[str, str], now: datetime
) -> tuple[Question, list[str]]:
    """The question the parameters ask, and a sentence for each that cannot be taken as it is."""
    shown, bad_range = read_range(params, now)
    text = params.get("period", "").strip()
    period, bad_period = read_period(text, shown)
    group, bad_group = _choice("group", params.get("group", ""), get_args(Group), "")
    aggregate, bad_aggregate = _choice(
        "aggregate", params.get("aggregate") or usual(meter), get_args(Shown), usual(meter)
    )
    question = Question(
        meter=meter,
        range=shown,
        period=period,
        chosen_period="" if bad_period or text == "auto" else text,
        group=group,  # type: ignore[arg-type]  # one of get_args(Group)
        aggregate=aggregate,  # type: ignore[arg-type]  # one of get_args(Shown)
        resource=params.get("resource", "").strip(),
        project=params.get("project", "").strip(),
    )
    return question, [why for why in (bad_range, bad_period, bad_group, bad_aggregate) if why]


def _choice(name: str, text: str, choices: Sequence[str], default: str) -> tuple[str, str]:
    if text in choices:
        return text, ""
    known = ", ".join(choice for choice in choices if choice)
    return default, f"There is no {name} “{text}”; known are {known}."


def _is(field: str, value: str | None) -> Node:
    return Compare(field, "=", value)


def _from(moment: datetime) -> Bound:
    return Bound(moment, inclusive=True)


def _before(moment: datetime) -> Bound:
    return Bound(moment, inclusive=False)
