"""Selectors taken apart: what those of a kind have in common, and what each of them brings.

All of a kind are one statement, in which what they bring are the rows of a table q.
"""

import re
from itertools import product
from typing import Any, NamedTuple, TypeAlias

from meters.selection import SERIES_FIELDS
from meters.storage.conditions import COLUMNS, Conditions
from meters.storage.dialect import Dialect
from meters.storage.values import as_text, comparable, storable_path
from telemetry_site.core.query.tree import And, Compare, Node, conjuncts
from telemetry_site.core.storage.sql import Sql, all_of

PARAMETER = re.compile("(?<!%)%s")
LARGEST_EXACT = 2**63 - 1  # larger ones are floats to SQLite

Path: TypeAlias = tuple[str, ...]
Typed: TypeAlias = tuple[type, Any]
Texts: TypeAlias = tuple[str, ...]


class Kind(NamedTuple):
    """What selectors compare: `where` is SQL over q, r, s and m, `fixed` are its parameters.

    Apart from that, there must be certain values in the metadata at the `paths`.
    """

    where: str
    fixed: tuple[Any, ...]
    paths: tuple[Path, ...]

    @property
    def of_metadata(self) -> bool:
        """Whether the snapshots are needed."""
        return bool(self.paths) or "m.body" in self.where


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
        wanted = [Sql(f"{COLUMNS[field]} = %s", (texts[field],)) for field in sorted(texts)]
        if rest:
            wanted.append(self._conditions.of(And(tuple(map(_by_list, rest)))))
        paths = tuple(sorted(values))
        text, rows, fixed = self._lifted(all_of(wanted))
        return Question(Kind(text, fixed, paths), rows, tuple(values[path] for path in paths))

    def _lifted(self, sql: Sql) -> tuple[str, tuple[tuple[str, ...], ...], tuple[Any, ...]]:
        """The text with columns of q for parameters, their rows, and the parameters that stay."""
        first, *pieces = PARAMETER.split(sql.text)
        text, columns, fixed = [first], list[list[str]](), list[Any]()
        for value, piece in zip(sql.params, pieces, strict=True):
            each = value if isinstance(value, tuple) else (value,)
            lifted = [found for one in each if (found := self._dialect.lifted(one))]
            if lifted:
                text += (f"q.p{len(columns)}{lifted[0][0]}", piece)
                columns.append([found for _, found in lifted])
            else:
                text += ("%s", piece)
                fixed.append(value)
        return "".join(text), tuple(product(*columns)), tuple(fixed)


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
