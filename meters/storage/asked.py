"""The samples that the questions of one kind ask for, each with the question's number.

The rows that the questions bring come first, then their series, then each series' samples in the
time that is asked about, found by the index. Values in the metadata are not compared row by row
with those of every question: they stand beside the samples, which are grouped by them.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from meters.storage.dialect import Dialect
from meters.storage.kinds import Question, typed
from telemetry_site.core.storage.sql import Sql, all_of, joined, run

FOUND = """
SELECT q.part, r.resource, s.timestamp, s.message_id, s.volume{values}
FROM {asked} CROSS JOIN meters_series r {samples} {snapshots} WHERE {where}
"""
SAMPLES = "s.series_id = r.id AND s.timestamp >= %s AND s.timestamp < %s AND s.volume IS NOT NULL"
SNAPSHOTS = ("m.id = s.metadata_id", "meters_metadatasnapshot", "m")


class Asked:
    """Questions of one kind, over the samples from `start` on and before `end`.

    `key` names the columns of a table c of what is `found` that tell the questions apart.
    """

    def __init__(
        self, dialect: Dialect, questions: Sequence[Question], start: datetime, end: datetime
    ) -> None:
        self._dialect = dialect
        self._kind = questions[0].kind
        self._bounds = (dialect.moment(start), dialect.moment(end))
        sets = dict.fromkeys(question.rows for question in questions)
        self._parts = {rows: part for part, rows in enumerate(sets)}
        self._questions = {(self._parts[q.rows], *q.values): q for q in questions}
        self._columns = [(f"k{place}", f"v{place}") for place in range(len(self._kind.paths))]
        self.key = ["c.part", *(f"c.{name}" for names in self._columns for name in names)]

    def found(self) -> Sql:
        """The samples, each as often as rows of q ask for it."""
        dialect, kind = self._dialect, self._kind
        columns = zip(kind.paths, self._columns, strict=True)
        values = [dialect.at(path, *names) for path, names in columns]
        asked = dialect.asked([(part, *row) for rows, part in self._parts.items() for row in rows])
        text = FOUND.format(
            values="".join(f", {sql.text}" for sql in values),
            asked=asked.text,
            samples=dialect.beside(SAMPLES),
            snapshots=dialect.beside(*SNAPSHOTS) if kind.of_metadata else "",
            where=kind.where,
        )
        return Sql(text, joined("", values).params + asked.params + self._bounds + kind.fixed)

    def wanted(self) -> Sql:
        """True for samples beside which there are values that questions ask for."""
        values = zip(*(question.values for question in self._questions.values()), strict=True)
        return all_of(
            self._dialect.one_of(f"c.{kind}", f"c.{value}", [one for _, one in dict.fromkeys(some)])
            for (kind, value), some in zip(self._columns, values, strict=True)
        )

    def answers(self, statement: Sql) -> Iterator[tuple[Question, tuple[Any, ...]]]:
        """Each row of a statement that begins with the key: its question, and the rest of it."""
        places, width = range(1, len(self.key), 2), len(self.key)
        value_of = self._dialect.value_of
        for row in run(statement):
            values = [typed(value_of(row[place], row[place + 1])) for place in places]
            question = self._questions.get((row[0], *values))
            if question is not None:
                yield question, row[width:]
