"""A file is read again when it has changed, and what cannot be used changes nothing."""

import logging
import os
from pathlib import Path

import pytest

from telemetry_site.core.errors import BadDefinition
from telemetry_site.core.pipeline import current
from telemetry_site.core.pipeline.current import Current


@pytest.fixture(autouse=True)
def _always_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current, "LOOK_EVERY", 0.0)


class Made:
    """Counts how often something was made of a file."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, path: Path) -> str:
        self.times += 1
        content = path.read_text()
        if content == "bad":
            raise BadDefinition(str(path), 1, "it is bad")
        return content


def write(path: Path, text: str, at: int) -> None:
    """Content and a time of its own."""
    path.write_text(text)
    os.utime(path, (at, at))


def test_a_change_is_taken_up(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    path, made = tmp_path / "f", Made()
    found = Current(lambda: path, made)
    write(path, "one", 1)
    assert [found.get(), found.get(), made.times] == ["one", "one", 1]
    write(path, "one", 2)
    assert [found.get(), made.times] == ["one", 1]
    write(path, "two", 3)
    assert [found.get(), made.times] == ["two", 2]
    write(path, "bad", 4)
    assert [found.get(), found.get(), made.times] == ["two", "two", 3]
    assert "What was in use before stays in use" in caplog.text
    path.unlink()
    assert found.get() == "two"
    write(path, "three", 5)
    assert found.get() == "three"


def test_another_file_is_another_thing(tmp_path: Path) -> None:
    files = [tmp_path / "a", tmp_path / "b"]
    for path in files:
        path.write_text(path.name)
    found = Current(lambda: files[0], Made())
    assert found.get() == "a"
    files.reverse()
    assert found.get() == "b"


def test_a_bad_file_at_the_start_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("bad")
    with pytest.raises(BadDefinition):
        Current(lambda: tmp_path / "f", Made()).get()
