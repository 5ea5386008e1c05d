"""The loop: one thread that starts the children, shows their lines, restarts and stops them."""

import os
import selectors
import signal
import time
from collections.abc import Callable, Sequence
from types import FrameType

from telemetry_site.options import BAD_CONFIGURATION
from telemetry_site.supervisor.child import Child
from telemetry_site.supervisor.children import STOP_ORDER
from telemetry_site.supervisor.lines import OWN

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 10.0  # seconds that the children have to end by themselves
TURN = 0.5  # seconds after which the loop looks around when nothing happens

Say = Callable[[str, str], None]


class Supervisor:
    """Runs children until it is told to stop, or one of them cannot run.

    `say(name, line)` shows a line; `each_turn` is called at least every half second.
    """

    def __init__(
        self, children: Sequence[Child], socket: int, say: Say, each_turn: Callable[[], None]
    ) -> None:
        self._children = {child.name: child for child in children}
        self._socket = socket
        self._say = say
        self._each_turn = each_turn
        self._selector = selectors.DefaultSelector()
        self._asked_to_stop = 0
        self._exit_code: int | None = None

    def run(self) -> int:
        """Start everything and stay; the exit code."""
        self._listen_to_signals()
        for child in self._children.values():
            self._start(child)
        while self._exit_code is None and not self._asked_to_stop:
            self._turn()
        self._stop()
        if self._exit_code is None:
            self._exit_code = 0 if all(child.clean for child in self._children.values()) else 1
        return self._exit_code

    def _listen_to_signals(self) -> None:
        """Signals only wake the loop; what they mean is dealt with there."""
        wake, wakened = os.pipe()
        for end in (wake, wakened):
            os.set_blocking(end, False)
        self._selector.register(wake, selectors.EVENT_READ)
        signal.set_wakeup_fd(wakened, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in STOPS:
            signal.signal(number, self._ask_to_stop)

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._asked_to_stop += 1

    def _turn(self) -> None:
        """Wait for something to happen and deal with it."""
        dues = [child.due - time.monotonic() for child in self._children.values() if child.due]
        self._show(max(0.0, min([TURN, *dues])))
        for child, code in self._ended():
            self._judge(child, code)
        for child in self._children.values():
            if child.due is not None and time.monotonic() >= child.due:
                self._start(child)
        self._each_turn()

    def _show(self, seconds: float) -> None:
        """Show what the children write; returns at the first of it, or after that time."""
        for key, _ in self._selector.select(seconds):
            if isinstance(key.data, Child):
                self._say_all(key.data, key.data.read())
            else:
                os.read(key.fd, 4096)

    def _say_all(self, child: Child, lines: Sequence[str]) -> None:
        for line in lines:
            self._say(child.name, line)

    def _start(self, child: Child) -> None:
        child.start(self._socket)
        self._selector.register(child.output, selectors.EVENT_READ, child)

    def _ended(self) -> list[tuple[Child, int]]:
        """The children that have ended since, with their exit codes."""
        found = []
        for child in self._children.values():
            if child.has_ended():
                self._selector.unregister(child.output)
                code, words = child.bury()
                self._say_all(child, words)
                found.append((child, code))
        return found

    def _judge(self, child: Child, code: int) -> None:
        """Start it again later, or give up."""
        self._say(OWN, f"{child.name} {how_it_ended(code)}.")
        if code == BAD_CONFIGURATION:
            self._say(OWN, f"{child.name} cannot run with these settings.")
            self._exit_code = code
            return
        now = time.monotonic()
        delay = child.restarts.after(child.started, now)
        if delay is None:
            self._give_up(child)
        else:
            child.due = now + delay

    def _give_up(self, child: Child) -> None:
        self._say(OWN, f"{child.name} ends again and again. Its last lines were:")
        for line in child.last_lines:
            self._say(OWN, f"  {line}")
        self._exit_code = 1

    def _stop(self) -> None:
        """Ask all to end; kill them when they take too long, or when asked a second time."""
        self._say(OWN, "Stopping.")
        asked = self._asked_to_stop
        deadline = time.monotonic() + PATIENCE
        for name in STOP_ORDER:
            if name in self._children:
                self._children[name].signal(signal.SIGTERM)
        while any(child.alive for child in self._children.values()):
            if self._asked_to_stop > asked or time.monotonic() > deadline:
                for child in self._children.values():
                    child.kill()
            self._show(0.1)
            self._ended()


def how_it_ended(code: int) -> str:
    """An exit code in words.

    >>> how_it_ended(3), how_it_ended(-9)
    ('ended with exit code 3', 'was killed by SIGKILL')
    """
    if code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
