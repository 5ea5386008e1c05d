"""What is written down of the queues that are read."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from telemetry_site.core.messaging.board import Board, Reading
from telemetry_site.core.messaging.flags import Flags
from telemetry_site.core.messaging.models import QueueStanding
from tests.factories import MOMENT

pytestmark = pytest.mark.django_db

LATER = MOMENT + timedelta(seconds=5)
READ = Reading(QueueStanding.CONSUMING, "", Flags(True, False, True), 7, 2)


def row(queue: str, *names: str) -> tuple[Any, ...]:
    found: tuple[Any, ...] = QueueStanding.objects.values_list(*names).get(queue=queue)
    return found


def test_it_writes_how_it_goes_with_each_queue() -> None:
    board = Board("mq:5672/", ["t.info", "t.error"])
    board.note("t.info", READ)
    board.write(MOMENT)
    seen = ("state", "durable", "auto_delete", "quorum", "waiting", "consumers", "seen_at")
    assert row("t.info", *seen) == ("consuming", True, False, True, 7, 2, MOMENT)
    assert row("t.error", *seen) == ("waiting", None, None, None, 0, 0, MOMENT)


def test_what_changes_is_written_over() -> None:
    board = Board("mq:5672/", ["t.info"])
    board.note("t.info", READ)
    board.write(MOMENT)
    board.recount("t.info", 3, 1)
    board.write(LATER)
    assert row("t.info", "state", "waiting", "consumers", "began_at", "seen_at") == (
        "consuming", 3, 1, MOMENT, LATER,
    )  # fmt: skip
    board.away("The bus is away.")
    board.write(LATER)
    assert row("t.info", "state", "problem", "waiting") == ("away", "The bus is away.", 0)
    assert QueueStanding.objects.count() == 1


def test_counts_of_several_consumers_add_up() -> None:
    boards = [Board("mq:5672/", ["t.info"]) for _ in range(2)]
    for board in boards:
        board.count("t.info", 10, 2, 1, MOMENT)
        board.count("t.info", 5, 0, 0, LATER)
        board.write(LATER)
        board.write(LATER)
    assert row("t.info", "received", "repeated", "rejected") == (30, 4, 2)
    assert row("t.info", "last_message_at") == (LATER,)


def test_what_could_not_be_written_is_written_the_next_time() -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("gone")

    board = Board("mq:5672/", ["t.info"])
    board.count("t.info", 10, 0, 0, MOMENT)
    with connection.execute_wrapper(refuse), pytest.raises(OperationalError):
        board.write(MOMENT)
    board.count("t.info", 1, 0, 0, LATER)
    board.write(LATER)
    assert row("t.info", "received") == (11,)
