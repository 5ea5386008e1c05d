"""Options of a command as the arguments of the same question over HTTP.

Values stay text until they are read by what reads the API's own arguments, so that both say the
same of a bad one.
"""

import re
from argparse import ArgumentParser
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from telemetry_site.core.api.parameters import Arguments, Texts
from telemetry_site.core.errors import BadRequest
from telemetry_site.core.identity.caller import ADMIN, Caller
from telemetry_site.core.query.literals import CONVERTERS
from telemetry_site.core.query.simple import Item

OPERATORS = {"=": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
CONDITION = re.compile(
    rf"([^<>=!\s]+)\s*([<>!]=|[<>=])\s*(?:({'|'.join(CONVERTERS)})::)?(.*)", re.DOTALL
)
ARROW = "<-"
SCALARS = ("limit", "period", "unique")

QUERY_HELP = (
    "Conditions between semicolons, such as 'resource=vm-1;timestamp>=2026-03-01'. Operators: "
    "= != < <= > >=. A value may name its type: 'metadata.size=string::5'. Can be repeated."
)


def add_query(parser: ArgumentParser) -> None:
    """-q, and the project to look as."""
    parser.add_argument("-q", "--query", action="append", default=[], help=QUERY_HELP)
    parser.add_argument(
        "--project", help="Look as a member of this project; without it, as an admin."
    )


def add_limit(parser: ArgumentParser) -> None:
    """How many rows at most."""
    parser.add_argument(
        "-l", "--limit", help="At most so many rows; unset: 100, or TELEMETRY_DEFAULT_LIMIT."
    )


def caller_of(options: Mapping[str, Any]) -> Caller:
    """Who asks: an admin, or a member of the project that was named."""
    project = options["project"]
    return ADMIN if project is None else Caller(user=None, project=project)


def arguments_of(options: Mapping[str, Any]) -> Arguments:
    """The options as arguments. Raises BadRequest."""
    given: dict[str, Texts] = {
        name: [str(options[name])] for name in SCALARS if options.get(name) is not None
    }
    given["groupby"] = options.get("groupby") or []
    given |= _columns("q", ("field", "op", "value", "type"), map(_cells, items(options["query"])))
    pairs = map(aggregate, options.get("aggregate") or [])
    given |= _columns("aggregate", ("func", "param"), pairs)
    return Arguments(given, ("q", "aggregate", "groupby", *SCALARS))


def items(texts: Iterable[str]) -> list[Item]:
    """The conditions in these texts. Raises BadRequest."""
    parts = (part.strip() for text in texts for part in text.split(";"))
    return [_item(part) for part in parts if part]


def _item(text: str) -> Item:
    """One condition.

    >>> _item("metadata.size >= integer::5")
    <Query 'metadata.size' ge '5' integer>
    """
    found = CONDITION.fullmatch(text)
    if found is None:
        raise BadRequest(f"{text!r} is no condition; write it as FIELD=VALUE or timestamp>TIME.")
    field, operator, kind, value = found.groups()
    return Item(field, OPERATORS[operator], value, kind)


def _cells(item: Item) -> tuple[str | None, ...]:
    return item.field, item.op, item.value, item.type


def aggregate(text: str) -> tuple[str | None, ...]:
    """A function and its parameter.

    >>> aggregate("cardinality<-resource_id"), aggregate("max")
    (('cardinality', 'resource_id'), ('max', None))
    """
    function, _, param = text.partition(ARROW)
    return function.strip() or None, param.strip() or None


def _columns(
    array: str, parts: Sequence[str], rows: Iterable[tuple[str | None, ...]]
) -> dict[str, Texts]:
    """A list of items as one list for each part of them."""
    return {
        f"{array}.{part}": column
        for part, column in zip(parts, zip(*rows, strict=True), strict=False)
    }
