"""One unit of work in one transaction, done again whole when the database asks for it."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TypeVar

from django.db import DatabaseError, connection, transaction

T = TypeVar("T")

# Serialization failure, deadlock, and the check violation of a row that was on its way into the
# DEFAULT partition while the partition of its day was attached.
REPEATABLE = ("40001", "40P01", "23514")
ATTEMPTS = 5


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's code of the error or of what caused it; empty where there is none."""
    for candidate in (error, error.__cause__):
        code = getattr(candidate, "pgcode", None)
        if isinstance(code, str):
            return code
    return ""


def in_transaction(work: Callable[[], T], *, frozen: bool = False) -> T:
    """Run `work` in a transaction of its own; repeat it on a conflict with another one.

    `work` must leave nothing behind outside the database until it has returned. With `frozen`
    all its statements see the database as it was at one moment.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            outermost = not connection.in_atomic_block
            with transaction.atomic(durable=True):
                if frozen and outermost:
                    _freeze()
                return work()
        except DatabaseError as error:
            if attempt == ATTEMPTS or sqlstate(error) not in REPEATABLE:
                raise
            time.sleep(0.02 * attempt)
    raise AssertionError("the last attempt returns or raises")


def _freeze() -> None:
    """SQLite's transactions are so by themselves."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


BEGIN = {"postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "sqlite": "BEGIN"}


@contextmanager
def one_snapshot() -> Iterator[None]:
    """All statements of the block read the database as it is at one moment; none writes.

    Within a transaction it is that one's affair. Not Django's own kind of block, which on SQLite
    would wait for whoever writes.
    """
    if connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    _tell(BEGIN[connection.vendor])
    try:
        yield
    finally:
        _tell("ROLLBACK")


def _tell(command: str) -> None:
    """To the driver itself: Django need not know of it."""
    with connection.wrap_database_errors, closing(connection.connection.cursor()) as cursor:
        cursor.execute(command)
