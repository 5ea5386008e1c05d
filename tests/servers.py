"""The servers that the tests start for themselves; each ends with whoever started it."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

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


@contextmanager
def postgres(settings: Mapping[str, str] = FORGETFUL) -> Iterator[str]:
    """A PostgreSQL of our own on a free port; gives its URL. Raises ServerFailed.

    It commits without waiting for the disk, unless other settings say more.
    """
    folder = Path(tempfile.mkdtemp(prefix="telemetry-postgres-"))
    user, port, password = account(), free_port(), secrets.token_hex(16)
    server = None
    try:
        _make_cluster(folder, user, password)
        server = _start(folder, user, {**SETTINGS, **settings, "port": str(port)})
        _wait_until_ready(server, port, folder)
        yield f"postgresql://postgres:{password}@127.0.0.1:{port}/telemetry"
    finally:
        if server is not None:
            server.terminate()
            _end(server)
        shutil.rmtree(folder, ignore_errors=True)


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
