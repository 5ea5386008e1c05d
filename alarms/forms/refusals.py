"""Which field of a form an error of the API is about, and how it is said there."""

import re
from collections.abc import Mapping
from typing import Any, Final

from telemetry_site.core.errors import Conflict, Forbidden, InvalidInput, TelemetryError

# Parts of rows, and what else has another name in an error than in the form.
WITHIN: Final[Mapping[str, str]] = {
    "rule/query": "query",
    "field": "query",
    "op": "query",
    "value": "query",
    "type": "query",
    "start": "time_constraints",
    "duration": "time_constraints",
    "timezone": "time_constraints",
}
# Words by which an error tells what it is about that names no field.
TOLD: Final[Mapping[str, str]] = {
    "imezone": "time_constraints",
    "Time constraint": "time_constraints",
    "data type": "query",
    "Unknown argument": "query",
}
TOO_USUAL: Final = ("name", "description", "enabled")  # words that may mean anything
KINDS: Final[Mapping[str, str]] = {
    "Expected '<class 'int'>'": "A whole number is expected.",
    "Expected '<class 'float'>'": "A number is expected.",
    "Mandatory field missing": "This is needed.",
}


def field_of(error: TelemetryError, said: Mapping[str, Any], main: str | None) -> str | None:
    """Of the fields and what they say, the one; `main` where the error does not tell.

    None where it is about the whole.
    """
    if isinstance(error, Forbidden):
        return None
    if isinstance(error, Conflict):
        return "name"
    text = str(error)
    named: str = getattr(error, "field", "") or getattr(error, "name", "")
    told = next((name for words, name in TOLD.items() if words in text), "")
    for one in (named, WITHIN.get(named, ""), told):
        if one in said:
            return one
    return next((name for name, value in said.items() if _is_about(text, name, value)), main)


def _is_about(text: str, name: str, value: Any) -> bool:
    """Whether a text has the name in it, or one of the lines that the field has."""
    items = value if isinstance(value, list) else ()
    if any(isinstance(one, str) and one in text for one in items):
        return True
    return name not in TOO_USUAL and re.search(rf"\b{name}\b", text) is not None


def words(error: TelemetryError) -> str:
    """What is wrong, without the name of the field that it stands beside."""
    text = error.why if isinstance(error, InvalidInput) else str(error)
    return next((said for words, said in KINDS.items() if words in text), text)
