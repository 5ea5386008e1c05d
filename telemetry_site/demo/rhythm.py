"""How busy something was at each moment, and how much it has done since: the same at every run.

Time is a number of steps since 1970; a step is so many seconds, and a week is a whole number of
them.
"""

import random
from itertools import accumulate

from telemetry_site.demo.fleet import Rhythm

HOUR = 3600
DAY = 24 * HOUR
WEEK = 7 * DAY
MONDAY = 4 * DAY  # 1970 began on a Thursday
WEEKEND = 5  # days from Monday
# Of what is done in a step, so much is left to chance.
CHANCE = 0.4


class Work:
    """Something that follows a rhythm, in steps of so many seconds."""

    def __init__(self, rhythm: Rhythm, step: int) -> None:
        self._step = step
        self._week = [_load(rhythm, second) for second in range(0, WEEK, step)]
        self._done = list(accumulate(self._week, initial=0.0))

    def load(self, at: int) -> float:
        """Share of its strength that it uses from this step to the next, before chance."""
        return self._week[self._place(at) % len(self._week)]

    def done(self, steps: range, chances: list[float]) -> list[float]:
        """What it has done up to each step, in steps at full strength since 1970.

        Never less than before: a chance, from 0 to 1, moves a part of the step's own work.
        """
        week = len(self._week)
        total = self._done[-1]
        found = []
        for at, chance in zip(steps, chances, strict=True):
            weeks, place = divmod(self._place(at), week)
            own = self._week[place]
            found.append(weeks * total + self._done[place] + own * CHANCE * chance)
        return found

    def _place(self, at: int) -> int:
        return at - MONDAY // self._step


def _load(rhythm: Rhythm, second: int) -> float:
    """The share of strength so many seconds after the week began."""
    day, of_day = divmod(second, DAY)
    place, rest = divmod(of_day, 2 * HOUR)
    left, right = (rhythm.even_hours[(place + ahead) % 12] for ahead in (0, 1))
    load = left + (right - left) * rest / (2 * HOUR)
    return load * (rhythm.weekend if day >= WEEKEND else 1.0)


def chances(key: str, steps: range, step: int) -> list[float]:
    """A number from 0 to 1 for each of the consecutive steps, whatever stretch is asked for."""
    per_day = DAY // step
    found: list[float] = []
    for day in range(steps.start // per_day, -(-steps.stop // per_day)):
        dice = random.Random(f"{key} {day}")  # noqa: S311 - nothing secret hangs on it
        found += [dice.random() for _ in range(per_day)]
    skipped = steps.start % per_day
    return found[skipped : skipped + len(steps)]
