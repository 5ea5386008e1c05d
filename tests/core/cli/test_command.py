"""The metering commands as processes: how fast they start and how they end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import environment
from tests.source import ROOT

pytestmark = [pytest.mark.process]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose store holds a day of the demo."""
    path = tmp_path_factory.mktemp("data")
    manage(path, "demo", "--days", "1", "--interval", "3600")
    return path


def manage(folder: Path, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """A command whose input and output are pipes."""
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *words],
        env=environment(folder),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_it_starts_in_well_under_a_second_of_processor_time(folder: Path) -> None:
    before = os.times()
    assert manage(folder, "meters").returncode == 0
    after = os.times()
    spent = after.children_user + after.children_system
    assert spent - before.children_user - before.children_system < 1.5


def test_output_is_plain_and_faults_are_one_sentence(folder: Path) -> None:
    done = manage(folder, "samples", "--limit", "3")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    failed = manage(folder, "samples", "--limit", "0")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr == "Error: Limit must be positive\n"


def test_a_reader_that_goes_away_is_no_fault(folder: Path) -> None:
    command = f"{sys.executable} {ROOT}/manage.py samples -f csv -l 100000 | head -n 1"
    done = subprocess.run(
        ["sh", "-c", command],
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.startswith("id,meter,type,unit,volume")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_stream_is_read_from_a_pipe(folder: Path) -> None:
    line = (
        '{"counter_name":"t","counter_type":"gauge","counter_unit":"C","counter_volume":1,'
        '"resource_id":"r","timestamp":"2026-03-01T12:00:00"}\n'
    )
    done = manage(folder, "send_sample", "-", stdin=line * 7)
    assert done.stdout == "7 samples stored, 0 were there already.\n"
    assert (done.returncode, done.stderr) == (0, "")
    again = manage(folder, "send_sample", stdin=line * 8 + "{")
    assert again.returncode == 1
    assert again.stderr == "Error: Line 9: It is not valid JSON. Nothing was stored.\n"


def test_a_database_without_tables_gets_a_sentence(tmp_path: Path) -> None:
    done = manage(tmp_path, "meters")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: The database refuses: no such table")
