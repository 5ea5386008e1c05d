"""What a meter's page answers: the question asked of the store for one caller."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from meters import queries
from meters.charts import MOST_LINES, Chart, chart, largest
from meters.questions import GroupKey, Question
from meters.ranges import Range
from meters.samples import Sample
from meters.selection import Bound, SampleQuery, Selection
from meters.statistics import Statistics
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.query.tree import And, Compare

AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class Answer:
    """`totals` has a row for each group over the whole range, the largest first.

    `drawn` are the first of them, those that a chart can still tell apart; `rows` are theirs,
    one for each period and group.
    """

    question: Question
    totals: list[Statistics]
    drawn: list[Statistics]
    rows: list[Statistics]

    @property
    def left_out(self) -> int:
        """How many groups are not drawn."""
        return len(self.totals) - len(self.drawn)

    def chart(self) -> Chart:
        """The chart of what is drawn."""
        asked = self.question
        return chart(self.rows, _keys(self.drawn), asked.range, asked.period, asked.aggregate)


def answer(question: Question, caller: Caller) -> Answer:
    """The totals of every group, and the periods of the largest; two statements."""
    totals = largest(queries.statistics(question.totals(), caller), question.aggregate)
    drawn = totals[:MOST_LINES]
    rows = queries.statistics(question.periods(_keys(drawn)), caller) if drawn else []
    return Answer(question, totals, drawn, rows)


def every_row(question: Question, caller: Caller) -> Iterator[Statistics]:
    """The periods of every group, in order, some ten thousand rows at a time."""
    groups = len(queries.statistics(question.totals(), caller))
    step = timedelta(seconds=question.period * max(1, AT_ONCE // max(groups, 1)))
    start = question.range.start
    while groups and start < question.range.end:
        part = Range(start, min(start + step, question.range.end))
        yield from queries.statistics(question.periods(part=part), caller)
        start = part.end


def newest(question: Question, caller: Caller) -> Sample | None:
    """The last sample of the meter, whatever the range; where to look when the range is empty."""
    where = And((Compare("meter", "=", question.meter.name),))
    selection = Selection(where, end=Bound(question.range.end, inclusive=False))
    for asked in (selection, Selection(where)):
        if found := next(queries.samples(SampleQuery(asked, limit=1), caller), None):
            return found
    return None


def _keys(rows: list[Statistics]) -> list[GroupKey]:
    return [row.groupby for row in rows]
