"""A progress bar for people who wait: on a terminal only, and never faster than it can be read."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self

WIDTH = 30
SECONDS_BETWEEN = 0.1


class Terminal(Protocol):
    """Where the bar is drawn; nothing is, when it is no terminal."""

    def isatty(self) -> bool:
        """Whether somebody is looking."""

    def write(self, text: str, /) -> object:
        """Write the text."""

    def flush(self) -> object:
        """Show what was written."""


class Progress:
    """Draws how far the work is; used as a context, it takes the bar away at the end.

    `total` is in the same measure as what `show` is told; None where nobody knows it.
    """

    def __init__(
        self, out: Terminal, total: int | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._out = out
        self._total = total
        self._clock = clock
        self._next = 0.0
        self._drawn = 0
        self._wanted = out.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave an empty line."""
        if self._drawn:
            self._draw("")

    def show(self, done: int, words: str) -> None:
        """So much is done; `words` say it in full."""
        if self._wanted and self._clock() >= self._next:
            self._next = self._clock() + SECONDS_BETWEEN
            self._draw(f"{bar(done, self._total)}{words}")

    def _draw(self, line: str) -> None:
        self._out.write(f"\r{line:<{self._drawn}}" + ("" if line else "\r"))
        self._out.flush()
        self._drawn = len(line)


def bar(done: int, total: int | None) -> str:
    """The bar and its percentage; nothing where the total is unknown.

    >>> bar(1, 3)
    '[==========                    ]  33 %  '
    """
    if not total:
        return ""
    share = min(done / total, 1.0)
    return f"[{'=' * int(share * WIDTH):<{WIDTH}}] {int(share * 100):3} %  "
