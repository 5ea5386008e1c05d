"""The servers that the tests start for themselves; each ends with whoever started it."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tests.waiting import until

SETTINGS = {"listen_addresses": "127.0.0.1", "max_connections": "60"}
FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
PATIENCE = 60  # seconds that a server has to start


class ServerFailed(Exception):
    """A server that the tests need did not come up."""


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def program(name: str) -> str:
    """The path of one of PostgreSQL's programs, of the newest version installed."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=_version)
    path = str(found[-1]) if found else shutil.which(name)
    if path is None:
        raise ServerFailed(f"There is no {name}: install the package postgresql.")
    return path


def _version(path: Path) -> int:
    return int(path.parts[-3]) if path.parts[-3].isdigit() else 0


def account() -> pwd.struct_passwd:
    """Whom the servers run as: never root, which PostgreSQL refuses."""
    if os.getuid() != 0:
        return pwd.getpwuid(os.getuid())
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def under(user: pwd.struct_passwd, *command: str) -> list[str]:
    """The command, run as that account and killed with the process that started it."""
    words = ["setpriv", "--pdeathsig", "QUIT"]
    if os.getuid() == 0:
        words += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return [*words, *command]


class Postgres:
    """A PostgreSQL of our own on a free port; what it has committed outlives a kill."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="telemetry-postgres-"))
        self._user, self._port, password = account(), free_port(), secrets.token_hex(16)
        self.url = f"postgresql://postgres:{password}@127.0.0.1:{self._port}/telemetry"
        self._password = password
        self._settings = {**SETTINGS, **settings, "port": str(self._port)}
        self._server: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """Its files, once. Raises ServerFailed."""
        _make_cluster(self.folder, self._user, self._password)

    def start(self) -> None:
        """Raises ServerFailed."""
        self._server = _start(self.folder, self._user, self._settings)
        _wait_until_ready(self._server, self._port, self.folder)

    def kill(self) -> None:
        """At once, with every connection."""
        if self._server is not None:
            family = psutil.Process(self._server.pid).children()
            self._server.kill()
            self._server.wait()
            for one in family:  # each would go by itself, and keep the files until then
                with suppress(psutil.NoSuchProcess):
                    one.kill()
            psutil.wait_procs(family, timeout=10)

    def end(self) -> None:
        """Stop it and take its files away."""
        if self._server is not None:
            self._server.terminate()
            _end(self._server)
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def postgres_server(settings: Mapping[str, str]) -> Iterator[Postgres]:
    """One that runs, and is gone at the end. Raises ServerFailed."""
    made = Postgres(settings)
    try:
        made.make()
        made.start()
        yield made
    finally:
        made.end()


@contextmanager
def postgres(settings: Mapping[str, str] = FORGETFUL) -> Iterator[str]:
    """Its URL is enough for most. It commits without waiting for the disk, unless told otherwise.

    Raises ServerFailed.
    """
    with postgres_server(settings) as server:
        yield server.url


def _make_cluster(folder: Path, user: pwd.struct_passwd, password: str) -> None:
    secret = folder / "password"
    secret.write_text(password)
    for path in (folder, secret):
        os.chown(path, user.pw_uid, user.pw_gid)
    command = under(
        user, program("initdb"), "--pgdata", str(folder / "data"), "--username", "postgres",
        "--auth", "scram-sha-256", "--pwfile", str(secret), "--no-sync", "--locale", "C",
        "--encoding", "UTF8",
    )  # fmt: skip
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise ServerFailed(f"initdb failed: {made.stderr.strip()}")


def _start(
    folder: Path, user: pwd.struct_passwd, settings: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    there = {**settings, "unix_socket_directories": str(folder)}
    words = [word for name, value in there.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            under(user, program("postgres"), "-D", str(folder / "data"), *words),
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the tests; they then end the server
        )


def _wait_until_ready(server: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    probe = [program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres"]

    def answers() -> bool:
        if server.poll() is not None:
            raise ServerFailed(f"PostgreSQL did not start: {(folder / 'log').read_text()}")
        return subprocess.run(probe, check=False).returncode == 0

    until(answers, "PostgreSQL answers", PATIENCE)


def _end(server: subprocess.Popen[bytes]) -> None:
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
