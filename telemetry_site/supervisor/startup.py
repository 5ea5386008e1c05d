"""What has to be in order before anything is started: the folder, its lock, the port."""

import fcntl
import os
import socket
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

ALREADY_RUNS = 2
FOLDERS = ("queue", "control", "tmp", "beat", "static")


class CannotStart(Exception):
    """`up` cannot start; `str(error)` is the sentence for the one who called it."""

    exit_code = 1


class AlreadyRuns(CannotStart):
    """Another `up` works on the same folder."""

    exit_code = ALREADY_RUNS


class Interrupted(CannotStart):
    """A signal came before anything ran."""

    def __init__(self, number: int) -> None:
        super().__init__("Stopped before anything was started.")
        self.exit_code = 128 + number


def make_folders(data_dir: Path, names: Iterable[str] = FOLDERS) -> None:
    """Make the data folder and those within it, for our eyes only. Raises CannotStart."""
    try:
        for path in (data_dir, *(data_dir / name for name in names)):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart(_unusable(data_dir, error)) from error


def lock(data_dir: Path) -> IO[str]:
    """Take the folder for this process, until the file is closed. Raises CannotStart."""
    path = data_dir / "up.lock"
    try:
        held = path.open("a+")
    except OSError as error:
        raise CannotStart(_unusable(data_dir, error)) from error
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        held.seek(0)
        owner = held.read().strip() or "unknown"
        held.close()
        raise AlreadyRuns(
            f"`manage.py up` runs already on the data folder {data_dir} (process {owner})."
        ) from error
    held.seek(0)
    held.truncate()
    held.write(str(os.getpid()))
    held.flush()
    return held


def _unusable(data_dir: Path, error: OSError) -> str:
    return (
        f"The data folder {data_dir} cannot be written to ({error.strerror}): "
        "choose another with --data-dir or TELEMETRY_DATA_DIR."
    )


def listen(bind: str) -> socket.socket:
    """The listening socket for HOST:PORT; port 0 is any free one. Raises CannotStart.

    It stays open as long as we run: while web is started again, clients wait in its queue.
    """
    host, _, port = bind.rpartition(":")
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host.strip("[]"), int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return _listener(family, address)
    except OSError as error:
        raise CannotStart(
            f"Cannot listen on {bind} ({error.strerror}): "
            "choose another address with --bind or --port."
        ) from error


def _listener(family: int, address: Any) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
    except OSError:
        listener.close()
        raise
    return listener
