"""One unit of work in one transaction, done again whole when the database asks for it."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, transaction

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


def in_transaction(work: Callable[[], T]) -> T:
    """Run `work` in a transaction of its own; repeat it on a conflict with another one.

    `work` must leave nothing behind outside the database until it has returned.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic(durable=True):
                return work()
        except DatabaseError as error:
            if attempt == ATTEMPTS or sqlstate(error) not in REPEATABLE:
                raise
            time.sleep(0.02 * attempt)
    raise AssertionError("the last attempt returns or raises")
