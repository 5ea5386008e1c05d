"""Regular expressions that users write: read by re2, which takes time in proportion to the text."""

import re
from functools import lru_cache
from typing import Any
from uuid import UUID

import re2
from django.db.backends.base.base import BaseDatabaseWrapper

from telemetry_site.core.errors import BadRequest

ESCAPED = re.compile(r"\\(.)", re.DOTALL)
# The edge of a word, no edge of one, and the end of the text.
OF_POSTGRESQL = {"b": r"\y", "B": r"\Y", "z": r"\Z"}


def readable(pattern: str) -> str:
    """The regular expression, when it is one. Raises BadRequest."""
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        raise BadRequest(f"The regular expression {pattern} cannot be read") from error
    return pattern


def for_postgresql(pattern: str) -> str:
    """A readable pattern, with the words of PostgreSQL for what it calls otherwise."""
    return ESCAPED.sub(lambda found: OF_POSTGRESQL.get(found[1], found[0]), pattern)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    return re2.compile(pattern)


def finds(pattern: str, value: str | bytes | None) -> bool | None:
    """Whether the pattern is found in the text, or in the text of an id of 16 bytes."""
    if value is None:
        return None
    text = str(UUID(bytes=value)) if isinstance(value, bytes) else value
    return _compiled(pattern).search(text) is not None


def add_finds(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Give a new SQLite connection the function."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("finds", 2, finds, deterministic=True)
