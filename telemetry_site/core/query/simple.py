"""The simple query language: q items of field, op, value and type, to a tree and two bounds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from telemetry_site.core.clock import shifted, wall_clock
from telemetry_site.core.errors import InvalidInput, UnknownArgument
from telemetry_site.core.query.literals import metadata_value
from telemetry_site.core.query.tree import And, Bound, Compare, Node

ALIASES = {"user_id": "user", "project_id": "project", "resource_id": "resource"}
METADATA = ("metadata.", "resource_metadata.")
MOST_MINUTES = 10_000 * 366 * 24 * 60  # all the time that a datetime can express
TIMES = ("timestamp", "search_offset")
LOWER, UPPER = ("gt", "ge"), ("lt", "le")


class Unset:
    """What was not sent, as messages show it."""

    def __repr__(self) -> str:
        return "Unset"


UNSET = Unset()


@dataclass(frozen=True, slots=True)
class Item:
    """One item of q as it was sent; a missing or empty `op` means eq."""

    field: str
    op: str = ""
    value: str | None = None
    type: str | None = None

    @property
    def operator(self) -> str:
        """The operator that is meant."""
        return self.op or "eq"

    @property
    def text(self) -> str:
        """The value; one that was not sent counts as empty."""
        return self.value or ""

    def __repr__(self) -> str:
        """As the error about an unknown field shows it."""
        value: object = UNSET if self.value is None else self.value
        kind: object = UNSET if self.type is None else self.type
        return f"<Query {self.field!r} {self.operator} {value!r} {kind}>"


@dataclass(frozen=True, slots=True)
class Fields:
    """What may be asked of one route, and whether of metadata too.

    `ignored` are names that are accepted and mean nothing; `nullable` those of which the text
    None asks for rows that have none.
    """

    names: frozenset[str]
    times: bool
    ignored: frozenset[str] = frozenset()
    nullable: frozenset[str] = frozenset(("user", "project"))
    metadata: bool = True

    @property
    def valid(self) -> list[str]:
        """All names, as the error about an unknown one lists them."""
        return sorted(self.names | self.ignored | (set(TIMES) if self.times else set()))


@dataclass(frozen=True, slots=True)
class Simple:
    """A simple query that was read; `offset` widens the stretch between the bounds."""

    where: Node
    start: Bound | None
    end: Bound | None
    offset: timedelta

    @property
    def widened_start(self) -> Bound | None:
        """The lower bound, earlier by the offset."""
        return self.start and Bound(shifted(self.start.at, -self.offset), self.start.inclusive)

    @property
    def widened_end(self) -> Bound | None:
        """The upper bound, later by the offset."""
        return self.end and Bound(shifted(self.end.at, self.offset), self.end.inclusive)


def read(items: Sequence[Item], fields: Fields) -> Simple:
    """The query that the items make together. Raises BadRequest in the words of the API."""
    _check_times(items, fields)
    for item in items:
        _check(item, items, fields)
    # Of two items about one field the last wins; where there is one item this is its order.
    leaves = dict(_leaves(items, fields))
    bounds = {name: bound for item in items for name, bound in _bounds(item)}
    offset = [_offset(item) for item in items if item.field == "search_offset"]
    return Simple(
        And(tuple(leaves.values())),
        bounds.get("start"),
        bounds.get("end"),
        offset[-1] if offset else timedelta(0),
    )


def _check_times(items: Sequence[Item], fields: Fields) -> None:
    """Only the first item about each is looked at, as it always was."""
    timestamp = _first(items, "timestamp", (*LOWER, *UPPER), fields)
    offset = _first(items, "search_offset", ("eq",), fields)
    if offset and not timestamp:
        why = "search_offset cannot be used without timestamp"
        raise InvalidInput("field", "search_offset", why)


def _first(items: Sequence[Item], name: str, operators: tuple[str, ...], fields: Fields) -> bool:
    for item in items:
        if item.field == name:
            if not fields.times:
                raise UnknownArgument(name, "not valid for this resource")
            _check_operator(item, operators)
            return True
    return False


def _check(item: Item, items: Sequence[Item], fields: Fields) -> None:
    if item.field in TIMES:
        return
    name = ALIASES.get(item.field, item.field)
    of_metadata = fields.metadata and item.field.startswith(METADATA)
    if name not in fields.valid and not of_metadata:
        shown = f"[{', '.join(map(repr, items))}]"
        raise UnknownArgument(
            name, f"unrecognized field in query: {shown}, valid keys: {fields.valid}"
        )
    _check_operator(item, ("eq",))


def _check_operator(item: Item, operators: tuple[str, ...]) -> None:
    if item.operator not in operators:
        raise InvalidInput("op", item.operator, f"unimplemented operator for {item.field}")


def _leaves(items: Sequence[Item], fields: Fields) -> Iterator[tuple[str, Compare]]:
    for item in items:
        name = ALIASES.get(item.field, item.field)
        if item.field.startswith(METADATA):
            name = item.field.removeprefix("resource_")
            value = metadata_value(name, item.text, item.type)
            yield name, Compare("metadata", "=", value, tuple(name.split(".")[1:]))
        elif name in fields.names:
            none = name in fields.nullable and item.text == "None"
            yield name, Compare(name, "=", None if none else item.text)


def _bounds(item: Item) -> Iterator[tuple[str, Bound | None]]:
    """The bound that an item sets; an empty value takes back one that was set before it."""
    if item.field == "timestamp" and item.operator in (*LOWER, *UPPER):
        name = "start" if item.operator in LOWER else "end"
        yield name, _bound(item) if item.text else None


def _bound(item: Item) -> Bound:
    try:
        return Bound(wall_clock(item.text), inclusive=item.operator in ("ge", "le"))
    except ValueError as error:
        raise InvalidInput("timestamp", item.text, "invalid timestamp format") from error


def _offset(item: Item) -> timedelta:
    try:
        minutes = int(item.text)
    except ValueError as error:
        raise InvalidInput("search_offset", item.text, "unable to convert to int") from error
    return timedelta(minutes=max(-MOST_MINUTES, min(minutes, MOST_MINUTES)))
