"""The settings of gunicorn, which reads this file by itself when it is started in this folder."""

import ctypes
import gc
import os
import sys
from typing import Any

from telemetry_site import options, places
from telemetry_site.supervisor.child import die_with

_telemetry = options.load()
_memory = "/dev/shm"  # noqa: S108 - heartbeats are written there, so that no slow disk delays them
# M_TRIM_THRESHOLD, M_TOP_PAD and M_MMAP_THRESHOLD of malloc.h, in bytes.
_kept = {-1: 64 << 20, -2: 8 << 20, -3: 32 << 20}

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


def _keep_memory() -> None:
    """Let glibc keep some tens of megabytes that are free: the next batch needs them again.

    Given back to the kernel after each request, they come back one page fault after another.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        for parameter, size in _kept.items():
            mallopt(parameter, size)


def post_worker_init(worker: Any) -> None:
    """What is loaded stays: the garbage collector need not look through it at every request.

    A posted batch makes some thousand objects, none of them in a cycle. It is worked on to its
    end: threads that take turns in the middle of it only chase each other out of the caches.
    """
    _keep_memory()
    sys.setswitchinterval(0.02)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
