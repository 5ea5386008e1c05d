"""The body of a complex query: a filter and an order as JSON texts, and a limit."""

from collections.abc import Mapping
from typing import Any

from telemetry_site.core.api.parameters import LARGEST_LIMIT
from telemetry_site.core.errors import BadRequest, InvalidInput

NAMES = ("filter", "orderby", "limit")


def body(given: Any) -> Mapping[str, Any]:
    """The body, its keys and their types checked. Raises BadRequest."""
    if given is None:
        raise BadRequest('Missing argument: "body"')
    if not isinstance(given, dict):
        raise InvalidInput("body", given, "Value not a valid dict")
    for name in given:
        if name not in NAMES:
            raise BadRequest(f"Unknown attribute for argument body: {name}")
    for name in ("filter", "orderby"):
        value = given.get(name)
        if value is not None and not isinstance(value, str):
            raise InvalidInput(name, value, f"Wrong type. Expected '{str}', got '{type(value)}'")
    return given


def limit(given: Mapping[str, Any], refusal: str = "Limit must be positive") -> int | None:
    """The limit, a number or numeric text; None without one. Raises BadRequest."""
    value = given.get("limit")
    if value is None:
        return None
    try:
        found = int(value) if isinstance(value, str) or type(value) is int else None
    except ValueError:
        found = None
    if found is None:
        raise InvalidInput("limit", value, "unable to convert to int")
    if found <= 0:
        raise BadRequest(refusal)
    return min(found, LARGEST_LIMIT)
