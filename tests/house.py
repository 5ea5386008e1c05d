"""The whole program as it really runs: `manage.py up` as a process, on a fresh folder."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil

from tests.source import ROOT
from tests.waiting import until

ADDRESS = re.compile(r"answers on (http://\S+)")
NOTIFICATIONS = "--notifications"
COMMAND = (sys.executable, str(ROOT / "manage.py"), "up")


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    """That of the tests, with settings of ours for the program alone."""
    kept = {name: value for name, value in os.environ.items() if "TELEMETRY" not in name}
    named = {f"TELEMETRY_{name}": value for name, value in settings.items()}
    return {**kept, "TELEMETRY_DATA_DIR": str(data_dir), **named}


def attempt(data_dir: Path, *flags: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A start that is expected to end by itself."""
    return subprocess.run(
        [*COMMAND, *flags],
        env=environment(data_dir, **settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class House:
    """A running `up`; `address` ends with a slash."""

    def __init__(self, process: subprocess.Popen[bytes], data_dir: Path) -> None:
        self.process = process
        self.data_dir = data_dir
        self.log = data_dir.with_suffix(".log")
        self.address = ""

    def said(self) -> str:
        """All that it and its children have written."""
        return self.log.read_text()

    def wait_until_it_answers(self) -> None:
        """Wait for the line with the address."""
        self.address = until(self._look_for_address, "up answers")

    def _look_for_address(self) -> str | None:
        assert self.process.poll() is None, self.said()
        found = ADDRESS.search(self.said())
        return found[1] if found else None

    def get(self, path: str) -> str:
        """The body of an answer that must be a good one."""
        with urllib.request.urlopen(f"{self.address}{path}", timeout=30) as answer:  # noqa: S310
            body: bytes = answer.read()
            return body.decode()

    def processes(self) -> list[psutil.Process]:
        """The supervisor and everything below it."""
        supervisor = psutil.Process(self.process.pid)
        return [supervisor, *supervisor.children(recursive=True)]

    def child(self, name: str) -> psutil.Process:
        """The running process of this name: web, worker, beat or consumer."""
        word = {"web": "gunicorn", "consumer": NOTIFICATIONS}.get(name, name)

        def look() -> psutil.Process | None:
            below = psutil.Process(self.process.pid).children()
            return next((one for one in below if word in _words(one, name)), None)

        return until(look, f"{name} runs")

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What the database file says."""
        with closing(sqlite3.connect(self.data_dir / "telemetry.sqlite3", timeout=20)) as database:
            return database.execute(sql).fetchall()


def _words(process: psutil.Process, name: str) -> list[str]:
    """How it was started; the consumer is a worker too, and only looked for as what it is."""
    try:
        words = process.cmdline()
    except psutil.NoSuchProcess:
        return []
    return words if NOTIFICATIONS not in words or name == "consumer" else []


def gone(processes: list[psutil.Process]) -> bool:
    """Whether none of these runs any more."""
    return not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in processes)


@contextmanager
def running(folder: Path, *flags: str, **settings: str) -> Iterator[House]:
    """`up` on a fresh folder and a free port, killed at the end unless it has ended."""
    data_dir = folder / "data"
    with data_dir.with_suffix(".log").open("wb") as log:
        process = subprocess.Popen(
            [*COMMAND, "--port", "0", *flags],
            env=environment(data_dir, **settings),
            stdout=log,
            stderr=log,
        )
    try:
        house = House(process, data_dir)
        house.wait_until_it_answers()
        yield house
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait()
