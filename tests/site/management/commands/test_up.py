"""`manage.py up` as a process: what it prints, what it survives, what it leaves behind."""

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import house
from tests.house import House
from tests.waiting import until

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house.running(tmp_path_factory.mktemp("up")) as running:
        yield running


def test_it_prints_the_address_and_the_first_password(up: House) -> None:
    assert "The first account is admin, its password " in up.said()
    assert up.get("healthz") == "ok\n"
    assert up.get("readyz") == "ready\n"


def test_it_keeps_its_folder_to_itself(up: House) -> None:
    assert up.data_dir.stat().st_mode & 0o777 == 0o700
    assert (up.data_dir / "secret_key").stat().st_mode & 0o777 == 0o600


def test_it_brings_samples_of_this_machine(up: House) -> None:
    until(lambda: up.rows("SELECT count(*) FROM sample")[0][0], "samples", seconds=60)
    assert "telemetry_series " in up.get("metrics")


def test_it_does_not_run_twice_on_one_folder(up: House) -> None:
    second = house.attempt(up.data_dir, "--port", "0")
    assert second.returncode == 2
    assert second.stderr.count("\n") == 1
    assert f"runs already on the data folder {up.data_dir} (process {up.process.pid})" in (
        second.stderr
    )


def test_it_says_that_the_port_is_taken(up: House, tmp_path: Path) -> None:
    port = up.address.rstrip("/").rpartition(":")[2]
    second = house.attempt(tmp_path / "data", "--port", port)
    assert second.returncode == 1
    assert second.stderr == (
        f"Cannot listen on 127.0.0.1:{port} (Address already in use): "
        "choose another address with --bind or --port.\n"
    )


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_it_starts_a_killed_child_again(up: House, name: str) -> None:
    first = up.child(name)
    family = [first, *first.children(recursive=True)]
    first.kill()
    until(lambda: house.gone(family), "the old processes are gone")
    assert until(lambda: up.child(name), f"{name} runs again").pid != first.pid
    assert up.get("healthz") == "ok\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_all_at_once(tmp_path: Path, number: int) -> None:
    with house.running(tmp_path) as running:
        family = running.processes()
        running.process.send_signal(number)
        assert running.process.wait(20) == 0, running.said()
        assert house.gone(family)


def test_a_killed_supervisor_leaves_nothing_behind(tmp_path: Path) -> None:
    with house.running(tmp_path) as running:
        family = running.processes()
        assert len(family) >= 6  # up, gunicorn and its two workers, worker, beat
        running.process.kill()
        until(lambda: house.gone(family), "everything is gone", seconds=5)


def test_it_gives_up_on_a_child_that_cannot_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUNICORN_CMD_ARGS", "--worker-class nonsense")
    ended = house.attempt(tmp_path / "data", "--port", "0", "--only", "web")
    assert ended.returncode == 1
    assert "web ends again and again. Its last lines were:\nup     |   " in ended.stdout


def test_it_says_that_the_folder_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended = house.attempt(tmp_path / "file" / "data", "--port", "0")
    assert ended.returncode == 1
    assert ended.stderr == (
        f"The data folder {tmp_path}/file/data cannot be written to (Not a directory): "
        "choose another with --data-dir or TELEMETRY_DATA_DIR.\n"
    )


def test_it_says_that_the_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "telemetry.sqlite3").write_bytes(b"no database at all" * 100)
    ended = house.attempt(tmp_path, "--port", "0")
    assert ended.returncode == 1
    assert ended.stderr == (
        f"The database file {tmp_path}/telemetry.sqlite3 is damaged (file is not a database): "
        "put a backup in its place, or move it away to begin with an empty one.\n"
    )


@pytest.mark.parametrize(
    ("settings", "code", "sentence"),
    [
        ({"BIND": "nowhere"}, 78, "telemetry: TELEMETRY_BIND cannot be used: it must be HOST:PORT"),
        ({"BIND": "192.0.2.1:8777"}, 1, "Cannot listen on 192.0.2.1:8777"),
        ({"BIND": "no-such-host.invalid:8777"}, 1, "Cannot listen on no-such-host.invalid:8777"),
        ({"BIND": "0.0.0.0:0", "AUTH": "noauth"}, 1, "With TELEMETRY_AUTH=noauth everyone"),
        ({"DATABASE_URL": "postgresql://u@127.0.0.1:1/x"}, 1, "The database x at 127.0.0.1 cannot"),
    ],
)
def test_it_says_what_is_wrong_with_the_settings(
    tmp_path: Path, settings: dict[str, str], code: int, sentence: str
) -> None:
    ended = house.attempt(tmp_path / "data", "--only", "web,worker", **settings)
    assert (ended.returncode, ended.stderr.count("\n")) == (code, 1)
    assert ended.stderr.startswith(sentence)


def test_it_warns_of_a_setting_that_is_none(tmp_path: Path) -> None:
    with house.running(tmp_path, "--only", "web", BNID="x") as running:
        assert (
            "TELEMETRY_BNID is no setting of ours; did you mean TELEMETRY_BIND?" in running.said()
        )


def test_it_frees_the_port_at_once_when_killed(tmp_path: Path) -> None:
    with house.running(tmp_path, "--only", "web") as running:
        family = running.processes()
        port = int(running.address.rstrip("/").rpartition(":")[2])
        running.process.kill()
        until(lambda: house.gone(family), "everything is gone", seconds=5)
        with socket.create_server(("127.0.0.1", port)) as server:
            assert server.getsockname()[1] == port
