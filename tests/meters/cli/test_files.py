"""Files that commands read and write."""

from pathlib import Path

import pytest

from meters.cli.files import opened, whole
from telemetry_site.core.cli.command import Error


def test_it_counts_the_bytes_that_were_read(tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_bytes(b"ab\ncd\ne")
    with opened(str(file)) as lines:
        rest = iter(lines)
        assert (next(rest), lines.size, lines.total) == (b"ab\n", 3, 7)
        assert (list(rest), lines.size) == ([b"cd\n", b"e"], 7)


@pytest.mark.parametrize(("name", "why"), [("none", "No such file"), (".", "Is a directory")])
def test_what_cannot_be_read_gets_a_sentence(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(Error, match=f"cannot be read: {why}"), opened(str(tmp_path / name)):
        pass


def test_a_file_gets_its_name_when_it_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "out"
    with whole(file, overwrite=False) as out:
        out.write(b"abc")
        assert [path.name for path in tmp_path.iterdir()] == ["out.part"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert file.read_bytes() == b"abc"


@pytest.mark.parametrize("fault", [RuntimeError, KeyboardInterrupt])
def test_nothing_stays_of_a_file_that_is_not_whole(
    tmp_path: Path, fault: type[BaseException]
) -> None:
    with pytest.raises(fault), whole(tmp_path / "out", overwrite=False) as out:
        out.write(b"abc")
        raise fault
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_kept_unless_told_otherwise(tmp_path: Path) -> None:
    file = tmp_path / "out"
    file.write_bytes(b"old")
    with (
        pytest.raises(Error, match="is there already; name another file, or say --force"),
        whole(file, overwrite=False),
    ):
        pass
    assert file.read_bytes() == b"old"
    with whole(file, overwrite=True) as out:
        out.write(b"new")
        assert file.read_bytes() == b"old"
    assert file.read_bytes() == b"new"


def test_a_file_that_cannot_be_written_gets_a_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(Error, match="cannot be written: No such file or directory"),
        whole(tmp_path / "none" / "out", overwrite=False),
    ):
        pass
