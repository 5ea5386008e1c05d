"""Lists of samples, read a page at a time and never all at once.

Newest first, a list is read in windows of time from the newest back: they widen while they give
little and shrink while they give much, so that no statement sorts or touches all that there is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from meters.samples import Sample
from meters.selection import NEWEST_FIRST, SERIES_FIELDS, Bound, Order, SampleQuery, Selection
from meters.storage.conditions import COLUMNS, Conditions
from meters.storage.dialect import Dialect
from telemetry_site.core.storage.sql import Sql, all_of, refusals, run

PAGE = 10_000
FIRST_WINDOW = timedelta(hours=1)
SMALLEST_WINDOW = timedelta(seconds=1)
WIDEST_WINDOW = timedelta(days=730)
WIDER = 4
# Before this year a window simply takes everything that is left.
OLDEST_YEAR = 1980

SELECT = """
SELECT r.meter, r.type, r.unit, s.volume, r.resource, r.project, r."user", r.source,
       s.timestamp, s.message_id, s.metadata_id, s.recorded_at, s.series_id
FROM meters_series r CROSS JOIN sample s
WHERE s.series_id = r.id AND """

Row = tuple[Any, ...]
TIMESTAMP, MESSAGE_ID, SERIES_ID = 8, 9, 12


@dataclass(slots=True)
class Place:
    """How far a list has been read: up to `end`, and there behind the row `after`."""

    end: Bound | None
    after: Row | None = None
    width: timedelta = FIRST_WINDOW


class Listing:
    """Answers one SampleQuery."""

    def __init__(self, dialect: Dialect, query: SampleQuery, now: datetime) -> None:
        self._dialect = dialect
        self._query = query
        self._now = now
        self._conditions = Conditions(dialect)
        self._where = self._conditions.of(query.selection.where)
        self._bodies = Bodies(dialect)

    def __iter__(self) -> Iterator[Sample]:
        return self._bodies.samples(self._pages())

    def _pages(self) -> Iterator[list[Row]]:
        order, limit = self._query.order or NEWEST_FIRST, self._query.limit
        newest_first = order[0] == NEWEST_FIRST[0]
        if newest_first and order[1:] in ((), NEWEST_FIRST[1:]):
            return self._windows(NEWEST_FIRST)
        if newest_first and limit is not None and limit <= PAGE:
            return self._windows(order)
        return self._sorted(order)

    def _windows(self, order: tuple[Order, ...]) -> Iterator[list[Row]]:
        left, start = self._query.limit, self._query.selection.start
        place = Place(self._query.selection.end)
        while left is None or left > 0:
            asked = PAGE if left is None else min(PAGE, left)
            floor = self._floor(place)
            rows = self._window(place, floor or start, order, asked)
            yield rows
            left = None if left is None else left - len(rows)
            if len(rows) == asked:
                self._go_on_behind(place, rows[-1])
            elif floor is None:
                return
            else:
                place.end, place.after = replace(floor, inclusive=False), None
                place.width *= WIDER

    def _floor(self, place: Place) -> Bound | None:
        """Where the window begins; None when it takes all that is left."""
        top, start = self._top(place), self._query.selection.start
        if place.width > WIDEST_WINDOW or top.year < OLDEST_YEAR:
            return None
        floor = top - place.width
        return None if start and floor <= start.at else Bound(floor, inclusive=True)

    def _top(self, place: Place) -> datetime:
        return min(place.end.at, self._now) if place.end else self._now

    def _go_on_behind(self, place: Place, last: Row) -> None:
        reached = self._dialect.moment_of(last[TIMESTAMP])
        place.width = max(2 * (self._top(place) - reached), SMALLEST_WINDOW)
        place.end, place.after = Bound(reached, inclusive=True), last

    def _window(
        self, place: Place, start: Bound | None, order: tuple[Order, ...], count: int
    ) -> list[Row]:
        window = self._conditions.within(Selection(start=start, end=place.end))
        behind = [self._behind(place.after)] if place.after else []
        where = all_of([*window, *behind, self._where])
        text = f"{SELECT}{where.text} ORDER BY {self._order(order)} LIMIT {count}"
        return run(Sql(text, where.params))

    def _behind(self, last: Row) -> Sql:
        """Behind a row in the order of NEWEST_FIRST."""
        return Sql(
            "(s.timestamp < %s OR (s.message_id, s.series_id) > (%s, %s))",
            (last[TIMESTAMP], last[MESSAGE_ID], last[SERIES_ID]),
        )

    def _sorted(self, order: tuple[Order, ...]) -> Iterator[list[Row]]:
        """Any other order: the database keeps a long answer sorted, and we fetch it in pages."""
        limit = self._query.limit
        where = all_of([*self._conditions.within(self._query.selection), self._where])
        text = f"{SELECT}{where.text} ORDER BY {self._order(order)}"
        if limit is not None:
            text += f" LIMIT {limit:d}"
        if limit is not None and limit <= PAGE:
            yield run(Sql(text, where.params))
            return
        with refusals(), connection.chunked_cursor() as cursor:
            cursor.execute(text, where.params)
            while rows := cursor.fetchmany(PAGE):
                yield rows

    def _order(self, order: tuple[Order, ...]) -> str:
        """An order that leaves nothing open; a missing value counts as the smallest."""
        keys = [
            f"{COLUMNS[key.field]}{self._dialect.byte_order if key.field in SERIES_FIELDS else ''}"
            f" {'DESC NULLS LAST' if key.descending else 'ASC NULLS FIRST'}"
            for key in order
        ]
        return ", ".join([*keys, "s.message_id", "s.series_id"])


class Bodies:
    """Metadata of a list, each read once for as long as the list is short of `ROOM` of them."""

    ROOM = 20_000

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._known: dict[int, bytes] = {}

    def samples(self, pages: Iterator[list[Row]]) -> Iterator[Sample]:
        """The rows of SELECT as samples."""
        for rows in pages:
            self.learn({row[10] for row in rows})
            yield from map(self._sample, rows)

    def learn(self, wanted: set[int]) -> None:
        """Read those that are not known."""
        if len(self._known) > self.ROOM:
            self._known.clear()
        if missing := wanted - self._known.keys():
            listed = self._dialect.id_in("m.id", sorted(missing))
            found = run(
                Sql(
                    f"SELECT m.id, m.body FROM meters_metadatasnapshot m WHERE {listed.text}",
                    listed.params,
                )
            )
            self._known.update((number, self._dialect.body_of(body)) for number, body in found)

    def __getitem__(self, number: int) -> bytes:
        return self._known[number]

    def _sample(self, row: Row) -> Sample:
        dialect = self._dialect
        return Sample(
            meter=row[0],
            type=row[1],
            unit=row[2],
            volume=row[3],
            resource=row[4],
            project=row[5],
            user=row[6],
            source=row[7],
            timestamp=dialect.moment_of(row[8]),
            message_id=dialect.uuid_of(row[9]),
            metadata=self._known[row[10]],
            recorded_at=dialect.moment_of(row[11]),
        )
