"""The table of what `up` runs: a name and a command for each process."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAMES = ("web", "worker", "beat", "consumer")
STOP_ORDER = ("consumer", "beat", "web", "worker")  # first what makes work, last what does it


@dataclass(frozen=True, slots=True)
class Command:
    """One process to run; `listens` says that it is handed the listening socket."""

    name: str
    argv: tuple[str, ...]
    listens: bool = False


def idle(telemetry: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of those that have nothing to do with these settings."""
    reads = telemetry["NOTIFICATION_URLS"] and telemetry["NOTIFICATIONS"]
    return () if reads else ("consumer",)


def commands(telemetry: Mapping[str, Any], base: Path, socket: int) -> dict[str, Command]:
    """The commands by name; `socket` is the file descriptor that web listens on."""
    found = (
        Command("web", web(base, socket), listens=True),
        Command("worker", worker(telemetry)),
        Command("beat", beat(telemetry)),
        Command("consumer", consumer(telemetry)),
    )
    return {command.name: command for command in found}


def web(base: Path, socket: int) -> tuple[str, ...]:
    """gunicorn; its settings stand in gunicorn.conf.py, also for those who start it by hand."""
    config = str(base / "gunicorn.conf.py")
    return (*_module("gunicorn"), "-c", config, "-b", f"fd://{socket}", "telemetry_site.wsgi")


def worker(telemetry: Mapping[str, Any]) -> tuple[str, ...]:
    """A Celery worker in one process; it need not know of other workers."""
    return _worker(telemetry, "-c", str(telemetry["WORKER_THREADS"]))


def consumer(telemetry: Mapping[str, Any]) -> tuple[str, ...]:
    """A Celery worker that reads the notification buses; its own queue is one nobody sends to."""
    return _worker(telemetry, "--notifications", "-c", "1", "-Q", "consumer", "-n", "consumer@%h")


def _worker(telemetry: Mapping[str, Any], *words: str) -> tuple[str, ...]:
    return (
        # Celery warns root of pickled messages at each start; ours are JSON, and `up` says it once.
        *(sys.executable, "-W", "ignore:You're running the worker with"),
        *("-m", "celery", "-q", "-A", "telemetry_site", "worker"),
        *("-P", "threads", "-l", telemetry["LOG_LEVEL"], *words),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    )


def beat(telemetry: Mapping[str, Any]) -> tuple[str, ...]:
    """Celery beat; what it remembers stands in a folder of its own."""
    schedule = str(telemetry["DATA_DIR"] / "beat" / "schedule")
    # Each tick would be a line every other second: beat speaks of what is unusual.
    level = "DEBUG" if telemetry["LOG_LEVEL"] == "DEBUG" else "WARNING"
    return (
        *_module("celery", "-q", "-A", "telemetry_site", "beat"),
        *("--schedule", schedule, "--pidfile", "", "-l", level),
    )


def _module(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", *words)
