"""The arguments of a GET: from the query string, or from a JSON body in its place."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any, TypeAlias

from rest_framework.request import Request

from telemetry_site.core.api.body import body_of, json_of
from telemetry_site.core.errors import BadRequest, InvalidInput, UnknownArgument
from telemetry_site.core.query.literals import is_true
from telemetry_site.core.query.simple import Item

QUERY = ("field", "op", "value", "type")
AGGREGATE = ("func", "param")
ARRAYS: Mapping[str, tuple[str, ...]] = {"q": QUERY, "aggregate": AGGREGATE}
MOST_ITEMS = 1000

# More rows than any database can count.
LARGEST_LIMIT = 2**53

Texts: TypeAlias = Sequence[str | None]


class Arguments:
    """The arguments of one request by name; what the route does not know is refused.

    `given` holds a list for each name. The parts of an array are names such as q.field, their
    n-th entries belong together, and None stands for one that is missing.
    """

    def __init__(self, given: Mapping[str, Texts], known: Sequence[str]) -> None:
        """Raises UnknownArgument, InvalidInput."""
        self._given = given
        for name, values in given.items():
            array, _, part = name.partition(".")
            if array in ARRAYS and array in known:
                if not part:
                    raise InvalidInput(array, shown(values), "unable to convert to ArrayType")
                if part in ARRAYS[array]:
                    continue
            if name not in known:
                raise UnknownArgument(name)

    def integer(self, name: str) -> int | None:
        """A whole number, None when it is not given. Raises InvalidInput."""
        values = self._given.get(name)
        if not values:
            return None
        try:
            return int(values[0] or "") if len(values) == 1 else _refuse()
        except ValueError as error:
            raise InvalidInput(name, shown(values), "unable to convert to int") from error

    def flag(self, name: str) -> bool:
        """Whether a word for true is given; everything else is false."""
        values = self._given.get(name, ())
        return len(values) == 1 and is_true(values[0] or "")

    def texts(self, name: str) -> list[str]:
        """Every value of a repeated argument."""
        return [value or "" for value in self._given.get(name, ())]

    def limit(self, default: int) -> int:
        """How many rows at most. Raises BadRequest."""
        return positive_limit(self.integer("limit"), default)

    def query(self) -> list[Item]:
        """The items of q. Raises InvalidInput."""
        items = []
        for field, op, value, kind in self._array("q"):
            if field is None:
                raise InvalidInput("field", None, "Mandatory field missing.")
            items.append(Item(field, op or "", value, kind))
        return items

    def pairs(self, array: str) -> list[tuple[str | None, str | None]]:
        """The first two parts of each item of an array; empty counts as missing."""
        return [(first or None, second or None) for first, second in self._array(array)]

    def _array(self, name: str) -> list[tuple[str | None, ...]]:
        columns = [self._given.get(f"{name}.{part}", ()) for part in ARRAYS[name]]
        if max(map(len, columns)) > MOST_ITEMS:
            raise BadRequest(f"There are more than {MOST_ITEMS} items in {name}")
        return list(zip_longest(*columns))


def _refuse() -> int:
    raise ValueError


def shown(values: Texts) -> object:
    """A value as messages show it; several as their list."""
    return values[0] if len(values) == 1 else list(values)


def positive_limit(limit: int | None, default: int) -> int:
    """The limit, or the default without one. Raises BadRequest."""
    if limit is not None and limit <= 0:
        raise BadRequest("Limit must be positive")
    return min(limit or default, LARGEST_LIMIT)


def arguments(request: Request, *known: str) -> Arguments:
    """The arguments of a GET whose route knows these. Raises BadRequest and its kin."""
    if request.META.get("CONTENT_LENGTH") not in (None, "", "0"):
        return Arguments(_from_json(json_of(body_of(request))), known)
    return Arguments(dict(request.query_params.lists()), known)


def _from_json(body: Any) -> dict[str, Texts]:
    if not isinstance(body, dict):
        raise InvalidInput("body", body, "Value not a valid dict")
    given: dict[str, Texts] = {}
    for name, value in body.items():
        if name in ARRAYS:
            given.update(_columns(name, value))
        elif value is not None:
            given[name] = [_text(name, entry) for entry in _listed(value)]
    return given


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _columns(array: str, items: Any) -> dict[str, Texts]:
    """A list of objects as one list for each part."""
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise InvalidInput(array, items, "unable to convert to ArrayType")
    for item in items:
        for part in item:
            if part not in ARRAYS[array]:
                raise UnknownArgument(f"{array}.{part}")
    return {
        f"{array}.{part}": [_part(part, item.get(part)) for item in items]
        for part in ARRAYS[array]
        if items
    }


def _part(name: str, value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise InvalidInput(name, value, f"Wrong type. Expected '{str}', got '{type(value)}'")
    return value


def _text(name: str, value: Any) -> str:
    """A scalar of JSON as the text it would be in a query string."""
    if isinstance(value, dict | list):
        raise InvalidInput(name, value, "Value not a valid text or number")
    return str(value)
