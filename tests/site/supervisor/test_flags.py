"""What the flags of `up` mean."""

from pathlib import Path

import pytest

from telemetry_site.supervisor.flags import chosen, differs, overrides

PRESENT = "127.0.0.1:8777"
NAMES = ("web", "worker", "beat")


@pytest.mark.parametrize(
    ("bind", "port", "expected"),
    [
        ("10.0.0.1", None, "10.0.0.1:8777"),
        ("10.0.0.1:80", None, "10.0.0.1:80"),
        ("10.0.0.1:80", 90, "10.0.0.1:90"),
        (None, 0, "127.0.0.1:0"),
        ("[::1]", None, "[::1]:8777"),
        ("[::1]:1", 2, "[::1]:2"),
    ],
)
def test_it_puts_the_address_together(bind: str | None, port: int | None, expected: str) -> None:
    assert overrides(bind, port, None, PRESENT) == {"TELEMETRY_BIND": expected}


def test_it_makes_the_folder_absolute() -> None:
    assert overrides(None, None, "x", PRESENT) == {"TELEMETRY_DATA_DIR": str(Path.cwd() / "x")}


def test_it_begins_again_only_when_something_changes() -> None:
    wanted = overrides("::", 1, None, PRESENT)
    assert differs(wanted, {})
    assert not differs(wanted, {**wanted, "HOME": "/"})


@pytest.mark.parametrize(
    ("only", "without", "expected"),
    [
        (None, None, NAMES),
        ("beat, web", None, ("web", "beat")),
        (None, "web", ("worker", "beat")),
        ("web,beat", "beat", ("web",)),
    ],
)
def test_it_chooses_the_processes(
    only: str | None, without: str | None, expected: tuple[str, ...]
) -> None:
    assert chosen(only, without, NAMES) == expected


@pytest.mark.parametrize(
    ("only", "without", "expected"),
    [
        (None, None, ("web", "worker")),
        (None, "web", ("worker",)),
        ("beat", None, ("beat",)),
    ],
)
def test_it_runs_what_is_idle_only_when_it_is_named(
    only: str | None, without: str | None, expected: tuple[str, ...]
) -> None:
    assert chosen(only, without, NAMES, idle=("beat",)) == expected


def test_it_knows_its_processes() -> None:
    with pytest.raises(ValueError, match="no process wbe; there are web, worker, beat"):
        chosen("wbe", None, NAMES)
    with pytest.raises(ValueError, match="Nothing is left"):
        chosen("web", "web", NAMES)
