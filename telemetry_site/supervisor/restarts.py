"""When a child that ended is started again, and when that has no point any more."""

FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
STEADY = 60.0  # a child that lived this long has recovered; also the window of a crash loop
LIMIT = 5


class Restarts:
    """The failures of one child; times are seconds of a clock that only goes forward."""

    def __init__(self) -> None:
        self._failures: list[float] = []
        self._delay = FIRST_DELAY

    def after(self, started: float, ended: float) -> float | None:
        """Seconds to wait before the next start; None when it is a crash loop."""
        if ended - started >= STEADY:
            self._failures = []
            self._delay = FIRST_DELAY
        self._failures = [moment for moment in self._failures if ended - moment < STEADY]
        self._failures.append(ended)
        if len(self._failures) >= LIMIT:
            return None
        delay, self._delay = self._delay, min(self._delay * 2, LONGEST_DELAY)
        return delay
