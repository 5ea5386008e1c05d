"""One child process: its life, its last lines, and its end with whoever started it."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import IO

from telemetry_site.supervisor.children import Command
from telemetry_site.supervisor.lines import LineBuffer
from telemetry_site.supervisor.restarts import Restarts

KEPT_LINES = 20
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with(parent: int) -> None:
    """Let the kernel kill this process when `parent` ends, however that ends (Linux).

    Nothing that we acknowledged is lost by being killed, and a process that cannot be told to
    stop would be left over by anything gentler.
    """
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before we had asked
        os._exit(1)


def _first_steps(parent: int) -> Callable[[], None]:
    def run() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        die_with(parent)

    return run


class Child:
    """A process that is started again as long as that makes sense.

    `started` and `due` are seconds of the monotonic clock; `due` is None while it runs or
    when it is not to run again.
    """

    def __init__(self, command: Command, environ: Mapping[str, str]) -> None:
        self.name = command.name
        self.last_lines: deque[str] = deque(maxlen=KEPT_LINES)
        self.due: float | None = None
        self.restarts = Restarts()
        self.started = 0.0
        self.clean = True
        self._command = command
        self._environ = environ
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = LineBuffer()

    @property
    def alive(self) -> bool:
        """Whether it runs, as far as we know."""
        return self._process is not None

    @property
    def output(self) -> IO[bytes]:
        """What it writes, standard output and error together."""
        assert self._process is not None  # noqa: S101 - only asked of a running child
        assert self._process.stdout is not None  # noqa: S101
        return self._process.stdout

    def start(self, socket: int) -> None:
        """Start it in a session of its own; call it from the main thread."""
        self.due = None
        self.started = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 - the commands are our own
            self._command.argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            env=dict(self._environ),
            pass_fds=(socket,) if self._command.listens else (),
            start_new_session=True,
            preexec_fn=_first_steps(os.getpid()),  # safe: the supervisor has one thread
        )
        os.set_blocking(self.output.fileno(), False)

    def read(self) -> list[str]:
        """The whole lines that it has written since the last call."""
        return self._keep(self._buffer.feed(self._drain()))

    def _keep(self, lines: list[str]) -> list[str]:
        self.last_lines.extend(lines)
        return lines

    def _drain(self) -> bytes:
        data = b""
        while part := self.output.read(65536):
            data += part
        return data

    def signal(self, number: int) -> None:
        """Send a signal to the process itself, which passes it on where that is its habit."""
        if self._process is not None:
            self._process.send_signal(number)

    def kill(self) -> None:
        """Kill it with all its own children."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def has_ended(self) -> bool:
        """Whether it has ended since it was started; `bury` is then to be called."""
        if self._process is None:
            return False
        how = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self._process.pid, how) is not None

    def bury(self) -> tuple[int, list[str]]:
        """Its exit code and its last words; what it left running is killed."""
        assert self._process is not None  # noqa: S101 - it has just ended
        self.kill()  # before its number is free for others
        code = self._process.wait()
        words = self._keep(self._buffer.feed(self._drain()) + self._buffer.rest())
        self.output.close()
        self._process = None
        self.clean = code == 0
        return code, words
