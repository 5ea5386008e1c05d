"""What is to be done every so many seconds, and how long to wait before the next attempt."""

from collections.abc import Iterator


class Every:
    """Says when it is time again; the first time at once. Seconds of one clock."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._next = float("-inf")

    def is_due(self, now: float) -> bool:
        """True once in that time."""
        if now < self._next:
            return False
        self._next = now + self._seconds
        return True


def pauses(first: float, longest: float) -> Iterator[float]:
    """Seconds before each attempt after the first; each twice the one before, up to the longest.

    >>> paused = pauses(1.0, 5.0)
    >>> [next(paused) for _ in range(4)]
    [1.0, 2.0, 4.0, 5.0]
    """
    pause = first
    while True:
        yield pause
        pause = min(pause * 2, longest)
