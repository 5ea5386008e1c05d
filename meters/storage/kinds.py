"""Selectors taken apart: what those of a kind have in common, and what each of them brings.

All of a kind are one statement, in which what they bring are the rows of a table q.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any, NamedTuple, TypeAlias

from meters.selection import SERIES_FIELDS
from meters.storage.conditions import COLUMNS, Conditions
from meters.storage.dialect import Dialect
from meters.storage.values import as_text, comparable, storable_path
from telemetry_site.core.query.tree import And, Compare, Node, conjuncts

PARAMETER = re.compile("(?<!%)%s")
LARGEST_EXACT = 2**63 - 1  # larger ones are floats to SQLite

Path: TypeAlias = tuple[str, ...]
Typed: TypeAlias = tuple[type, Any]
Texts: TypeAlias = tuple[str, ...]


class Kind(NamedTuple):
    """What selectors compare: fields of series with texts, paths of metadata with values.

    `rest` is SQL for whatever else must hold over q, r, s and m, `fixed` are its parameters.
    """

    fields: tuple[str, ...]
    paths: tuple[Path, ...]
    rest: str
    fixed: tuple[Any, ...]

    @property
    def where(self) -> str:
        """SQL for all of it but the values."""
        texts = [f"{COLUMNS[field]} = q.p{place}" for place, field in enumerate(self.fields)]
        return " AND ".join([*texts, self.rest])

    @property
    def of_metadata(self) -> bool:
        """Whether the snapshots are needed."""
        return bool(self.paths) or "m.body" in self.rest


class Question(NamedTuple):
    """A selector: its kind, its rows of q, and the values that must be at the paths.

    A series fits one of the rows at most.
    """

    kind: Kind
    rows: tuple[tuple[str, ...], ...]
    values: tuple[Typed, ...]


def typed(value: Any) -> Typed:
    """The value with its type: 1, 1.0 and True are equal."""
    return type(value), value


class Kinds:
    """Takes selectors apart in one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._conditions = Conditions(dialect, joined=True)

    def question(self, where: Node) -> Question:
        """The selector as a question; equal ones are equal. Raises BadRequest as Conditions do."""
        texts: dict[str, Texts] = {}
        values: dict[Path, Typed] = {}
        rest = [part for part in conjuncts(where) if not _is_plain(part, texts, values)]
        fields, paths = tuple(sorted(texts)), tuple(sorted(values))
        columns = [[text for _, text in self._lifted(texts[field])] for field in fields]
        kind = Kind(fields, paths, *(self._rest(rest, columns) if rest else ("TRUE", ())))
        return Question(kind, tuple(product(*columns)), tuple(values[path] for path in paths))

    def _lifted(self, values: Iterable[Any]) -> list[tuple[str, str]]:
        return [found for value in values if (found := self._dialect.lifted(value))]

    def _rest(self, parts: Sequence[Node], columns: list[list[str]]) -> tuple[str, tuple[Any, ...]]:
        """The SQL, with more columns of q for parameters, and the parameters that stay."""
        found = self._conditions.of(And(tuple(map(_by_list, parts))))
        first, *pieces = PARAMETER.split(found.text)
        text, fixed = [first], list[Any]()
        for value, piece in zip(found.params, pieces, strict=True):
            lifted = self._lifted([value])
            text += (f"q.p{len(columns)}{lifted[0][0]}" if lifted else "%s", piece)
            if lifted:
                columns.append([lifted[0][1]])
            else:
                fixed.append(value)
        return "".join(text), tuple(fixed)


def _is_plain(part: Node, texts: dict[str, Texts], values: dict[Path, Typed]) -> bool:
    """Whether it is a comparison as most are, which is then noted."""
    if not isinstance(part, Compare) or part.op not in ("=", "in"):
        return False
    if part.field in SERIES_FIELDS:
        return _noted(part.field, _texts(part), texts)
    if part.field != "metadata" or not storable_path(part.path) or not _is_exact(part.value):
        return False
    return values.setdefault(part.path, typed(part.value)) == typed(part.value)


def _noted(field: str, found: Texts, texts: dict[str, Texts]) -> bool:
    """One field may have several texts: with more, each with each would be a row."""
    if not found or (len(found) > 1 and any(len(some) > 1 for some in texts.values())):
        return False
    return texts.setdefault(field, found) == found


def _texts(part: Compare) -> Texts:
    """What the field may be; nothing where it is no text, or none."""
    if isinstance(part.value, tuple):
        each = map(as_text, part.value) if part.op == "in" else ()
        return tuple(sorted({text for text in each if text is not None}))
    text = as_text(part.value) if part.op == "=" else None
    return () if text is None else (text,)


def _is_exact(value: object) -> bool:
    """Whether both databases give the value back as it is."""
    return comparable(value) and not (isinstance(value, int) and abs(value) > LARGEST_EXACT)


def _by_list(part: Node) -> Node:
    """One message id as a list of one, which both databases can take from a table of texts."""
    match part:
        case Compare("message_id", "=", value) if not isinstance(value, tuple):
            return Compare("message_id", "in", (value,))
        case _:
            return part
