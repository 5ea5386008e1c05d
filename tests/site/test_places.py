"""What URLs and folders mean."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from telemetry_site import places

DATA = Path("/data")


def test_the_database_is_a_file_unless_told_otherwise() -> None:
    assert places.database("", DATA)["NAME"] == "/data/telemetry.sqlite3"
    assert places.database("sqlite:///else/where%20.db", DATA)["NAME"] == "/else/where .db"


def test_it_reads_the_parts_of_a_postgresql_url() -> None:
    found = places.database("postgresql://u%40x:p%2F@db:5433/name?sslmode=require", DATA)
    parts = ("USER", "PASSWORD", "HOST", "PORT", "NAME")
    assert [found[part] for part in parts] == ["u@x", "p/", "db", "5433", "name"]
    assert found["OPTIONS"] == {"options": "-c jit=off -c work_mem=32MB", "sslmode": "require"}


@pytest.mark.parametrize("url", ["", "filesystem://"])
def test_messages_are_files_unless_a_broker_is_named(url: str) -> None:
    found = places.broker(url, DATA)
    assert found["broker_transport_options"]["data_folder_in"] == "/data/queue"
    assert found["worker_enable_remote_control"] is False


def test_a_broker_is_taken_as_it_is() -> None:
    assert places.broker("redis://r", DATA) == {"broker_url": "redis://r"}


@pytest.mark.parametrize(
    ("named", "bind", "hosts"),
    [
        (("a", "b"), "0.0.0.0:1", ["a", "b"]),
        ((), "10.0.0.1:1", ["*"]),
        ((), "127.0.0.1:1", ["localhost", "127.0.0.1", "[::1]", "127.0.0.1", "me"]),
    ],
)
def test_it_knows_its_own_names(named: tuple[str, ...], bind: str, hosts: list[str]) -> None:
    assert places.allowed_hosts(named, bind, "me") == hosts


def test_a_key_is_made_once_and_kept(tmp_path: Path) -> None:
    made = places.secret_key("", tmp_path / "new")
    assert len(made) >= 50
    assert places.secret_key("", tmp_path / "new") == made
    assert (tmp_path / "new" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_processes_that_start_at_once_find_the_same_whole_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as starting:
        keys = set(starting.map(lambda _: places.secret_key("", tmp_path), range(64)))
    assert [len(key) >= 50 for key in keys] == [True]
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_key_that_is_given_is_not_kept(tmp_path: Path) -> None:
    assert places.secret_key("given", tmp_path) == "given"
    assert list(tmp_path.iterdir()) == []
