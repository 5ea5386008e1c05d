"""Gnocchi on this machine, whole for the benchmark and small for the tests.

It is installed into a virtual environment of its own under var/, once.
"""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

from tests import peers
from tests.bench import http_load
from tests.servers import ServerFailed, free_port
from tests.waiting import until

# What the extras of 4.7.1 ask for, with a psycopg2 that needs no compiler, and the versions that
# it still works with.
PACKAGES = (
    "gnocchi[redis]==4.7.1", "oslo.db", "sqlalchemy>=2.0,<2.1", "sqlalchemy-utils", "alembic",
    "psycopg2-binary", "setuptools<81", "gunicorn",
)  # fmt: skip
LOGIN = {"Authorization": "Basic YWRtaW46", "Content-Type": "application/json"}
POLICIES, STATUS = "/v1/archive_policy", "/v1/status?details=false"
PATIENCE = 60  # seconds that it has to start
DRAINED_WITHIN = 1_800  # seconds
LOOK_EVERY = 0.1  # seconds: each look takes gnocchi some time

SETTINGS = """
[DEFAULT]
coordination_url = {coordination}
verbose = false
log_file = {folder}/gnocchi.log
[indexer]
url = {database}
[storage]
driver = file
file_basepath = {folder}/data
[metricd]
workers = 2
[api]
auth_mode = basic
[incoming]
{incoming}
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

    def resource(self, kind: str, id: str) -> Any:
        """What it has of a resource. Raises RuntimeError."""
        return self.call("GET", f"/v1/resource/{kind}/{quote(id, safe='')}")

    def measures(self, metric: str, words: str = "") -> list[list[Any]]:
        """Time, seconds and mean of what it has made of a metric, after it has worked it off."""
        found: list[list[Any]] = self.call(
            "GET", f"/v1/metric/{metric}/measures?refresh=true{words}"
        )
        return found

    def wait_until_processed(self) -> None:
        """Wait until it says that no measure is left to be processed."""
        deadline = time.monotonic() + DRAINED_WITHIN
        while self.call("GET", STATUS)["storage"]["summary"]["measures"]:
            if time.monotonic() > deadline:
                raise RuntimeError(f"gnocchi was not done within {DRAINED_WITHIN} s")
            time.sleep(LOOK_EVERY)


class Installation:
    """Gnocchi's programs, with settings in a folder that are ready for an empty database."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self._folder = folder
        self._programs = peers.installed("gnocchi", PACKAGES)
        self._settings = str(folder / "gnocchi.conf")
        Path(self._settings).write_text(SETTINGS.format(folder=folder, **settings))
        (folder / "served.py").write_text(APPLICATION.format(settings=self._settings))
        peers.run(str(self._programs / "gnocchi-upgrade"), "--config-file", self._settings)

    @contextmanager
    def processing(self) -> Iterator[None]:
        """What works measures off."""
        command = [str(self._programs / "gnocchi-metricd"), "--config-file", self._settings]
        with _process(self._folder, command):
            yield

    @contextmanager
    def serving(self, port: int, workers: int) -> Iterator[Gnocchi]:
        """Its API, which answers."""
        served = ["served", "--chdir", str(self._folder), "--bind", f"127.0.0.1:{port}"]
        words = ["--workers", str(workers), "--threads", "4", "--log-level", "warning"]
        with _process(self._folder, [str(self._programs / "gunicorn"), *served, *words]):
            found = Gnocchi(port)
            until(lambda: _answer(found, POLICIES) is not None, "gnocchi answers", PATIENCE)
            yield found


@contextmanager
def running(database_url: str) -> Iterator[Gnocchi]:
    """All of it on that empty database: Redis takes measures in, files keep them."""
    with ExitStack() as stack:
        folder = stack.enter_context(_folder())
        redis = stack.enter_context(_redis(folder))
        incoming = f"driver = redis\nredis_url = {redis}"
        made = Installation(folder, coordination=redis, database=database_url, incoming=incoming)
        stack.enter_context(made.processing())
        found = stack.enter_context(made.serving(free_port(), workers=2))
        until(lambda: _processors(found) >= 2, "gnocchi's workers are up", PATIENCE)
        yield found


@contextmanager
def installed(database_url: str) -> Iterator[Installation]:
    """A small one on that empty database: one process, and files.

    It works off the measures of a metric when it is asked for them with refresh=true.
    """
    with _folder() as folder:
        yield Installation(
            folder, coordination=f"file://{folder}/locks", database=database_url, incoming=""
        )


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="telemetry-gnocchi-") as folder:
        yield Path(folder)


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
    with (folder / f"{Path(command[0]).name}.log").open("ab") as log:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *command], cwd=folder, stdout=log, stderr=log
        )
    try:
        yield
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """With its workers, which otherwise outlive it and go on writing."""
    family = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for one in family:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    psutil.wait_procs(family, timeout=10)


def _processors(gnocchi: Gnocchi) -> int:
    """How many there are: a worker that has not come up takes nothing."""
    status = _answer(gnocchi, STATUS)
    return len(status["metricd"]["processors"] or ()) if status else 0


def _answer(gnocchi: Gnocchi, path: str) -> Any:
    try:
        return gnocchi.call("GET", path)
    except (OSError, RuntimeError):
        return None
