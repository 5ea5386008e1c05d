"""Values of metadata queries: of the type that was named, or as the literal that they spell."""

import ast
from collections.abc import Callable, Mapping
from datetime import datetime

from telemetry_site.core.clock import wall_clock
from telemetry_site.core.errors import BadRequest, NotSupported
from telemetry_site.core.query.tree import Value

LONGEST_LITERAL = 1000

TRUE = frozenset(("1", "t", "true", "on", "y", "yes"))
FALSE = frozenset(("0", "f", "false", "off", "n", "no"))


def is_true(text: str) -> bool:
    """Whether the text is one of the words for true, in any case.

    >>> is_true("Yes"), is_true("nonsense")
    (True, False)
    """
    return text.strip().lower() in TRUE


def storable(text: str) -> bool:
    """Whether a database can hold the text: no NUL and no lone surrogate."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def boolean(text: str) -> bool:
    """True or false, said in one of the usual ways. Raises ValueError."""
    if not is_true(text) and text.strip().lower() not in FALSE:
        raise ValueError(text)
    return is_true(text)


CONVERTERS: Mapping[str, Callable[[str], Value]] = {
    "integer": int,
    "float": float,
    "string": str,
    "boolean": boolean,
    "datetime": wall_clock,
}


def metadata_value(name: str, text: str, kind: str | None) -> Value:
    """What the text means as a value of the metadata `name`.

    Raises BadRequest for text that is not of the named type, NotSupported for a type that
    metadata are not searched by.
    """
    value = typed(text, kind) if kind else literal(text)
    if isinstance(value, datetime) or not isinstance(value, str | int | float | None):
        raise NotSupported(f"Query on {name} is of {type(value)} type and is not supported")
    return value


def typed(text: str, kind: str) -> Value:
    """The text as a value of the type called `kind`. Raises BadRequest."""
    if kind not in CONVERTERS:
        raise BadRequest(
            f"The data type {kind} is not supported. "
            f"The supported data type list is: {list(CONVERTERS)}"
        )
    try:
        return CONVERTERS[kind](text)
    except ValueError as error:
        raise BadRequest(
            f"Unable to convert the value {text} to the expected data type {kind}."
        ) from error


def literal(text: str) -> object:
    """The Python literal that the text spells, else the text.

    >>> literal("0.75"), literal("None"), literal("m1.tiny")
    (0.75, None, 'm1.tiny')
    """
    if len(text) > LONGEST_LITERAL:
        return text
    try:
        value: object = ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return text
    return value
