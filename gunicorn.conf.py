"""The settings of gunicorn, which reads this file by itself when it is started in this folder."""

import os
import sys
from typing import Any

from telemetry_site import options, places
from telemetry_site.memory import settle
from telemetry_site.supervisor.child import die_with

_telemetry = options.load()
_memory = "/dev/shm"  # noqa: S108 - heartbeats are written there, so that no slow disk delays them

bind = _telemetry["BIND"]
worker_class = "gthread"
workers = _telemetry["WEB_WORKERS"]
threads = _telemetry["WEB_THREADS"]
timeout = 60  # seconds without a sign of life of a worker, not of a request
graceful_timeout = 8
keepalive = 15
worker_tmp_dir = _memory if os.access(_memory, os.W_OK) else None
control_socket_disable = True
loglevel = _telemetry["LOG_LEVEL"].lower()
errorlog = "-"


def when_ready(server: Any) -> None:
    """Refuse to believe identity headers of the whole network, wherever --bind points."""
    hosts = [listener.getsockname()[0] for listener in server.LISTENERS]
    for host in hosts:
        if places.is_exposed(_telemetry, str(host)):
            server.log.error(places.EXPOSED)
            raise SystemExit(options.BAD_CONFIGURATION)


def post_fork(server: Any, worker: Any) -> None:
    """A worker does not outlive the process that leads it."""
    die_with(server.pid)


def post_worker_init(worker: Any) -> None:
    """A posted batch is worked on to its end.

    Threads that take turns in the middle of it only chase each other out of the caches.
    """
    settle()
    sys.setswitchinterval(0.02)
