"""Work in another thread or process that stops before, or dies at, a statement of one's choice."""

import os
import signal
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

from django.db import connection, connections

PATIENCE = 30


class Stoppable:
    """A thread that waits before its statement of this number, until it is let go.

    Statements count from 0; a number past the last lets it run through.
    """

    def __init__(self, work: Callable[[], object], number: int) -> None:
        self._work = work
        self._number = number
        self._count = 0
        self._there, self._go_on = Event(), Event()
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run)

    def start(self) -> bool:
        """Run up to the statement; whether there is one of that number."""
        self._thread.start()
        assert self._there.wait(PATIENCE), "it neither stops nor ends"
        return self._thread.is_alive() and self._count > self._number

    def finish(self) -> None:
        """Run to the end. Raises what the work raised."""
        self._go_on.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "it does not end"
        if self._error:
            raise self._error

    def _run(self) -> None:
        try:
            with connection.execute_wrapper(self._before):
                self._work()
        except BaseException as error:  # raised again where it is waited for
            self._error = error
        finally:
            connections.close_all()
            self._there.set()

    def _before(self, execute: Any, *statement: Any) -> Any:
        number, self._count = self._count, self._count + 1
        if number == self._number:
            self._there.set()
            assert self._go_on.wait(PATIENCE)
        return execute(*statement)


def killed_at(work: Callable[[], object], number: int) -> bool:
    """Run the work in a process that is killed before this statement; whether it came so far."""
    connections.close_all()  # a process of its own shares no connection
    child = os.fork()
    if not child:
        _die_at(work, number)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status) == signal.SIGKILL
    assert os.waitstatus_to_exitcode(status) == 0
    return False


def _die_at(work: Callable[[], object], number: int) -> None:
    counted = 0

    def before(execute: Any, *statement: Any) -> Any:
        nonlocal counted
        if counted == number:
            os.kill(os.getpid(), signal.SIGKILL)
        counted += 1
        return execute(*statement)

    code = 1
    try:
        with connection.execute_wrapper(before):
            work()
        code = 0
    finally:
        os._exit(code)
