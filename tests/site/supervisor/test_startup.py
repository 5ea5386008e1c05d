"""The folder, its lock, the port."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from telemetry_site.supervisor import startup


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may write everywhere: for these lines it is somebody who may not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_it_makes_the_folders_for_our_eyes_only(tmp_path: Path) -> None:
    startup.make_folders(tmp_path / "data")
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == sorted(startup.FOLDERS)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")} == {0o700}


def test_it_refuses_a_folder_it_cannot_write_to(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    sentence = rf"data folder {tmp_path}/data cannot be written to \(Permission denied\)"
    with pytest.raises(startup.CannotStart, match=sentence), as_nobody():
        startup.make_folders(tmp_path / "data")


def test_it_refuses_a_lock_it_cannot_write(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(startup.CannotStart, match="cannot be written to"), as_nobody():
        startup.lock(tmp_path)


def test_a_folder_has_one_owner_at_a_time(tmp_path: Path) -> None:
    with startup.lock(tmp_path), pytest.raises(startup.AlreadyRuns) as caught:
        startup.lock(tmp_path)
    assert (caught.value.exit_code, f"(process {os.getpid()})" in str(caught.value)) == (2, True)


def test_a_lock_that_was_let_go_can_be_taken_again(tmp_path: Path) -> None:
    startup.lock(tmp_path).close()
    with startup.lock(tmp_path) as held:
        assert Path(held.name).read_text() == str(os.getpid())


def test_it_listens_on_any_free_port() -> None:
    with startup.listen("127.0.0.1:0") as listener:
        assert listener.getsockname()[1] > 0


def test_it_listens_on_ipv6() -> None:
    with startup.listen("[::1]:0") as listener:
        assert listener.getsockname()[0] == "::1"


def test_it_says_what_is_wrong_with_a_port() -> None:
    with startup.listen("127.0.0.1:0") as listener:
        port = listener.getsockname()[1]
        with pytest.raises(startup.CannotStart, match=r"\(Address already in use\)"):
            startup.listen(f"127.0.0.1:{port}")
