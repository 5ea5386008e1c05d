"""Notes what is sent to the database: COPY and savepoints too, BEGIN and COMMIT not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

ENDS = ("BEGIN", "COMMIT", "ROLLBACK")


@contextmanager
def sent() -> Iterator[list[str]]:
    """The statements of the block, each as its first words; a set of rows at once is one."""
    connection.ensure_connection()
    statements: list[str] = []

    def note(sql: Any) -> None:
        words = " ".join(str(sql).split()[:4])
        if words.split(" ")[0] not in ENDS or words.startswith("ROLLBACK TO"):
            statements.append(words)

    noting = _postgres(note) if connection.vendor == "postgresql" else _sqlite(note)
    with noting:
        yield statements


@contextmanager
def _sqlite(note: Callable[[Any], None]) -> Iterator[None]:
    def wrapper(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        note(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(wrapper):
        yield


@contextmanager
def _postgres(note: Callable[[Any], None]) -> Iterator[None]:
    """Below Django, which does not see a COPY."""
    raw: Any = connection.connection
    before = raw.cursor_factory

    class Noting(before):  # type: ignore[valid-type, misc]  # the class Django has chosen
        def execute(self, sql: Any, *rest: Any) -> None:
            note(sql)
            super().execute(sql, *rest)

        def copy_expert(self, sql: Any, *rest: Any) -> None:
            note(sql)
            super().copy_expert(sql, *rest)

    raw.cursor_factory = Noting
    try:
        yield
    finally:
        raw.cursor_factory = before
