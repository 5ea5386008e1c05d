"""What differs between the two databases in the SQL that both stores share."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from telemetry_site.core.query.tree import Compare
from telemetry_site.core.storage.sql import Sql

# A series, or (None) all of them, and a span of time.
Key: TypeAlias = tuple[int | None, datetime, datetime]


class Dialect(Protocol):
    """One database's words; `column` is always SQL of our own, never of the user's.

    `deepest` is how far brackets may be nested, `byte_order` makes a text compare and sort by its
    bytes, `instance_type` is the text of that name in the metadata `m.body`.
    """

    deepest: int
    byte_order: str
    instance_type: str

    def moment(self, value: datetime) -> Any:
        """A time as a parameter."""

    def moment_of(self, value: Any) -> datetime:
        """A time as it comes out of a row."""

    def uuid(self, value: UUID) -> Any:
        """An id as a parameter."""

    def uuid_of(self, value: Any) -> UUID:
        """An id as it comes out of a row."""

    def body_of(self, value: str) -> bytes:
        """Metadata as it comes out of a row, encoded as `encode_metadata` does."""

    def text_in(self, column: str, values: Sequence[str]) -> Sql:
        """True where the text is one of the values."""

    def uuid_in(self, column: str, values: Sequence[UUID]) -> Sql:
        """True where the id is one of the values."""

    def id_in(self, column: str, values: Sequence[int]) -> Sql:
        """True where the number is one of the values."""

    def matches(self, column: str, pattern: str) -> Sql:
        """True where the pattern is found anywhere in the text or in the id's text."""

    def metadata(self, compare: Compare, negated: bool) -> Sql:
        """The comparison over `m.body`: unknown where the path leads to another type or nowhere.

        With `negated`, the opposite; still unknown there.
        """

    def squares(self, column: str) -> str:
        """The aggregate of the squared deviations of a column from its mean, summed up."""

    def first(self, column: str, keys: Sequence[str]) -> str:
        """The aggregate that gives the column of the row that comes first by the keys."""

    def last(self, column: str, keys: Sequence[str]) -> str:
        """The same for the row that comes last."""

    def table_of(self, keys: Sequence[Key]) -> Sql:
        """These keys as a table w of series_id, start and stop."""

    def period_start(self, column: str, origin: Sql, seconds: int) -> Sql:
        """The start of the period that the time in the column is in, counted from `origin`.

        Not before the year 1, where datetimes begin.
        """

    def smallest(self, values: Sequence[Sql]) -> Sql:
        """The smallest of the times that are not NULL; NULL where none is."""

    def largest(self, values: Sequence[Sql]) -> Sql:
        """The largest of them."""

    def last_row(self, alias: str, table: str, keys: Sequence[str], where: Sql) -> Sql:
        """What joins to `r` the row of the table that is the last by its keys, if there is one.

        `where` is a condition over the table as `t`; keys and series tell its rows apart.
        """

    def beside(self, condition: str, table: str = "sample", alias: str = "s") -> str:
        """What joins to each row before it the few rows that the condition finds by an index."""

    def lifted(self, value: Any) -> tuple[str, str] | None:
        """A parameter as text in a column of `asked`, after what makes it the parameter again.

        None for one that must stay a parameter.
        """

    def asked(self, rows: Sequence[tuple[int, *tuple[str, ...]]]) -> Sql:
        """Numbers, each followed by lifted values, as a table q of part and p0, p1, p2 ..."""

    def at(self, path: Sequence[str], kind: str, value: str) -> Sql:
        """Two columns, named so: what is found in `m.body` at the path, by its type and value."""

    def value_of(self, kind: Any, value: Any) -> Any:
        """Text, number, true, false or null, as these columns come out of a row."""

    def one_of(self, kind: str, value: str, wanted: Sequence[Any]) -> Sql:
        """True where the columns hold one of these values, and for a few more."""
