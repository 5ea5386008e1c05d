"""How many calls may be in flight, so that slow targets delay nobody but themselves."""

from collections import Counter
from collections.abc import Collection
from threading import Condition
from typing import Final, NamedTuple

QUICK: Final = 2.0  # seconds
REMEMBERED: Final = 1_000


class Room(NamedTuple):
    """The targets that may not be called now, and, unless None, the only ones that may."""

    without: Collection[str]
    only: Collection[str] | None


class Slots:
    """Slots for calls: no target gets more than its few.

    Targets whose last call was not quick, or that have not been called yet, share half of the
    slots. The rest is always there for those that are known to be quick.
    """

    def __init__(self, most: int = 32, of_one: int = 2) -> None:
        self._most = most
        self._of_one = of_one
        self._running: Counter[str] = Counter()
        self._quick: dict[str, None] = {}  # the one that was called last comes last
        self._change = Condition()
        self._ended = 0

    def room(self) -> Room | None:
        """Whom another call may go to; None where all slots are taken."""
        with self._change:
            if self._running.total() >= self._most:
                return None
            full = [one for one, count in self._running.items() if count >= self._of_one]
            return Room(full, None if self._has_room_for_slow() else list(self._quick))

    def take(self, target: str) -> bool:
        """Take a slot, where there is one for this target."""
        with self._change:
            free = self._running.total() < self._most
            free = free and self._running[target] < self._of_one
            if free and (target in self._quick or self._has_room_for_slow()):
                self._running[target] += 1
                return True
            return False

    def give_back(self, target: str, seconds: float | None = None) -> None:
        """End a call that took so long; None: it has not been made."""
        with self._change:
            self._running[target] -= 1
            self._running += Counter()  # forgets those at 0
            if seconds is not None:
                self._remember(target, seconds)
                self._ended += 1
            self._change.notify_all()

    @property
    def ended(self) -> int:
        """How many calls have ended."""
        return self._ended

    def another_ends(self, ended: int, seconds: float) -> bool:
        """Wait until more calls have ended than so many; False where that takes longer."""
        with self._change:
            self._change.wait_for(lambda: self._ended > ended or not self._running, seconds)
            return self._ended > ended

    def are_free(self, seconds: float) -> bool:
        """Wait until no call is in flight; False where that takes longer."""
        with self._change:
            return self._change.wait_for(lambda: not self._running, seconds)

    def _has_room_for_slow(self) -> bool:
        slow = sum(n for target, n in self._running.items() if target not in self._quick)
        return slow < self._most // 2

    def _remember(self, target: str, seconds: float) -> None:
        self._quick.pop(target, None)
        if seconds <= QUICK:
            self._quick[target] = None
            if len(self._quick) > REMEMBERED:
                del self._quick[next(iter(self._quick))]
