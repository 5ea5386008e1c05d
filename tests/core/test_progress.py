"""The progress bar."""

from io import StringIO

import pytest

from telemetry_site.core.progress import Progress, bar


class Screen(StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("done", "total", "shown"),
    [
        (0, 10, "[                              ]   0 %  "),
        (5, 10, "[===============               ]  50 %  "),
        (10, 10, "[==============================] 100 %  "),
        (12, 10, "[==============================] 100 %  "),
        (5, None, ""),
    ],
)
def test_it_is_as_long_as_the_work_is_done(done: int, total: int | None, shown: str) -> None:
    assert bar(done, total) == shown


def test_it_draws_over_itself_and_leaves_nothing() -> None:
    screen, times = Screen(), iter([0.0, 0.0, 5.0, 5.0])
    with Progress(screen, None, clock=lambda: next(times)) as progress:
        progress.show(1, "one of two")
        progress.show(2, "two")
    assert screen.getvalue() == "\rone of two\rtwo       \r   \r"


def test_it_draws_no_faster_than_people_read() -> None:
    screen, times = Screen(), iter([0.0, 0.0, 0.05])
    with Progress(screen, None, clock=lambda: next(times)) as progress:
        progress.show(1, "one")
        progress.show(2, "two")
    assert "two" not in screen.getvalue()


def test_it_stays_away_where_there_is_no_terminal() -> None:
    out = StringIO()
    with Progress(out, 10) as progress:
        progress.show(5, "half")
    assert out.getvalue() == ""
