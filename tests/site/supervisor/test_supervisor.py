"""The loop, with small programs in place of the real ones."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress

import psutil
import pytest

from telemetry_site.supervisor.child import Child
from telemetry_site.supervisor.children import Command
from telemetry_site.supervisor.supervisor import STOPS, Supervisor, how_it_ended
from tests.waiting import until

# Later Pythons warn of any fork beside threads; pytest-xdist has some, `up` has none.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")

STUBBORN = "import signal; signal.signal(15, signal.SIG_IGN); print('on'); signal.pause()"
POLITE = (
    "import signal, sys; signal.signal(15, lambda *_: sys.exit(0)); print('on'); signal.pause()"
)
FERTILE = "import subprocess; print(subprocess.Popen(['sleep', '60']).pid);raise SystemExit(78)"
PATIENT = "import signal; print('on'); signal.pause()"


@pytest.fixture(autouse=True)
def _signals_as_before() -> Iterator[None]:
    """The loop takes the signals of the whole process."""
    numbers = (*STOPS, signal.SIGCHLD)
    before = [signal.getsignal(number) for number in numbers]
    yield
    signal.set_wakeup_fd(-1)
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


class Stage:
    """Runs one program under a supervisor and keeps what was said."""

    def __init__(self, program: str) -> None:
        command = Command("web", (sys.executable, "-u", "-c", program))
        self.child = Child(command, os.environ)
        self.said: list[str] = []
        self.reactions: dict[str, Callable[[], None]] = {}

    def say(self, name: str, line: str) -> None:
        self.said.append(f"{name}: {line}")
        self.reactions.get(line, lambda: None)()

    def run(self) -> int:
        return Supervisor([self.child], -1, self.say, lambda: None).run()


def ask_to_stop() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def ask_a_second_later() -> None:
    signal.signal(signal.SIGALRM, lambda *_: ask_to_stop())
    signal.setitimer(signal.ITIMER_REAL, 1)


def test_it_shows_what_a_child_says_and_stops_when_asked() -> None:
    stage = Stage(POLITE)
    stage.reactions["on"] = ask_to_stop
    assert stage.run() == 0
    assert stage.said == ["web: on", "up: Stopping."]


def test_it_kills_when_asked_a_second_time() -> None:
    stage = Stage(STUBBORN)
    stage.reactions = {"on": ask_to_stop, "Stopping.": ask_a_second_later}
    assert stage.run() == 1
    assert not stage.child.alive


def test_it_starts_a_child_again() -> None:
    stage = Stage(PATIENT)
    kill = [stage.child.kill]

    def react() -> None:
        (kill.pop() if kill else ask_to_stop)()

    stage.reactions["on"] = react
    stage.run()
    assert stage.said == ["web: on", "up: web was killed by SIGKILL.", "web: on", "up: Stopping."]


def test_bad_configuration_is_not_tried_again() -> None:
    stage = Stage("raise SystemExit(78)")
    assert stage.run() == 78
    assert "up: web cannot run with these settings." in stage.said


def test_a_crash_loop_ends_with_the_last_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("telemetry_site.supervisor.restarts.FIRST_DELAY", 0.01)
    stage = Stage("print('no luck'); raise SystemExit(3)")
    assert stage.run() == 1
    assert stage.said.count("web: no luck") == 5
    assert stage.said[-2:] == ["up:   no luck", "up: Stopping."]


def test_nothing_that_a_child_started_outlives_it() -> None:
    stage = Stage(FERTILE)
    stage.run()
    pid = int(stage.said[0].removeprefix("web: "))
    until(lambda: not psutil.pid_exists(pid) or is_dead(psutil.Process(pid)), "it is gone", 5)


def is_dead(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.status() == psutil.STATUS_ZOMBIE
    return True


@pytest.mark.parametrize(
    ("code", "words"), [(0, "ended with exit code 0"), (-15, "was killed by SIGTERM")]
)
def test_it_says_how_a_child_ended(code: int, words: str) -> None:
    assert how_it_ended(code) == words
