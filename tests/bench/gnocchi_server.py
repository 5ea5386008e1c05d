"""Gnocchi on this machine: Redis takes measures in, files keep them, PostgreSQL names them.

It is installed into a virtual environment of its own under var/, once.
"""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.bench import http_load, peers
from tests.servers import ServerFailed, free_port
from tests.waiting import until

# What the extras of 4.7.1 ask for, with a psycopg2 that needs no compiler, and the versions that
# it still works with.
PACKAGES = (
    "gnocchi[redis]==4.7.1", "oslo.db", "sqlalchemy>=2.0,<2.1", "sqlalchemy-utils", "alembic",
    "psycopg2-binary", "setuptools<81", "gunicorn",
)  # fmt: skip
LOGIN = {"Authorization": "Basic YWRtaW46", "Content-Type": "application/json"}
PATIENCE = 60  # seconds that it has to start
DRAINED_WITHIN = 1_800  # seconds
LOOK_EVERY = 0.1  # seconds: each look takes gnocchi some time

SETTINGS = """
[DEFAULT]
coordination_url = {redis}
verbose = false
log_file = {folder}/gnocchi.log
[indexer]
url = {database}
[storage]
driver = file
file_basepath = {folder}/data
[incoming]
driver = redis
redis_url = {redis}
[metricd]
workers = 2
[api]
auth_mode = basic
"""
APPLICATION = """
from gnocchi import opts, service
from gnocchi.rest import app

opts.set_defaults()
application = app.load_app(service.prepare_service([], default_config_files=[{settings!r}]))
"""


class Gnocchi:
    """A running one, spoken to over HTTP."""

    def __init__(self, port: int) -> None:
        self.port = port

    def call(self, method: str, path: str, body: bytes | None = None) -> Any:
        """What it answers, decoded. Raises RuntimeError."""
        return http_load.call(self.port, method, path, body, LOGIN)

    def wait_until_processed(self) -> None:
        """Wait until it says that no measure is left to be processed."""
        deadline = time.monotonic() + DRAINED_WITHIN
        while self.call("GET", "/v1/status?details=false")["storage"]["summary"]["measures"]:
            if time.monotonic() > deadline:
                raise RuntimeError(f"gnocchi was not done within {DRAINED_WITHIN} s")
            time.sleep(LOOK_EVERY)


@contextmanager
def running(database_url: str) -> Iterator[Gnocchi]:
    """Installs it if it is not there, starts all of it on that empty database, and ends it."""
    programs = peers.installed("gnocchi", PACKAGES)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="telemetry-gnocchi-")))
        redis = stack.enter_context(_redis(folder))
        settings = folder / "gnocchi.conf"
        settings.write_text(SETTINGS.format(redis=redis, folder=folder, database=database_url))
        (folder / "served.py").write_text(APPLICATION.format(settings=str(settings)))
        peers.run(str(programs / "gnocchi-upgrade"), "--config-file", str(settings))
        stack.enter_context(
            _process(folder, [str(programs / "gnocchi-metricd"), "--config-file", str(settings)])
        )
        port = free_port()
        served = ["served", "--chdir", str(folder), "--bind", f"127.0.0.1:{port}"]
        workers = ["--workers", "2", "--threads", "4", "--log-level", "warning"]
        stack.enter_context(_process(folder, [str(programs / "gunicorn"), *served, *workers]))
        found = Gnocchi(port)
        until(lambda: _answers(found), "gnocchi answers", PATIENCE)
        yield found


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        raise ServerFailed("There is no redis-server: install the package redis-server.")
    port = free_port()
    words = {"port": str(port), "bind": "127.0.0.1", "save": "", "dir": str(folder)}
    flags = [word for name, value in words.items() for word in (f"--{name}", value)]
    with _process(folder, [program, *flags]):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def _process(folder: Path, command: Sequence[str]) -> Iterator[None]:
    """A process that ends with us; what it says is kept until it has ended.

    In a folder of its own: gunicorn would read our settings in ours.
    """
    with (folder / f"{Path(command[0]).name}.log").open("wb") as log:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *command], cwd=folder, stdout=log, stderr=log
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(gnocchi: Gnocchi) -> bool:
    try:
        found: Mapping[str, Any] = gnocchi.call("GET", "/v1/status?details=false")
    except (OSError, RuntimeError):
        return False
    # A worker that has not come up takes nothing.
    return len(found["metricd"]["processors"] or ()) >= 2
