"""Exports and imports as processes: killed, stopped, between stores, and in how much memory."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection

from tests import stores
from tests.stores import Store
from tests.waiting import until

pytestmark = pytest.mark.process

# Runs a command and says on standard error how many KiB it took at most. In between stands a
# small process: to one that is started by a large one, Linux counts the memory of that one too.
MEASURED = (
    sys.executable,
    "-c",
    "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:], check=True); "
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)",
)
# KiB that may come and go, and what SQLite keeps of its file (`cache_size` in places.py).
ROOM = 8 * 1024
CACHE = 0 if connection.vendor == "postgresql" else 20_000
METADATA = {"flavor": "small", "cores": 2, "on": True, "disks": [{"gb": 1.5}, None]}


def lines(count: int, seconds: float = 1.0) -> Iterator[bytes]:
    """So many samples of 50 resources, newest first, as an export writes them."""
    for number in range(count, 0, -1):
        after = number * seconds
        yield (
            json.dumps(
                {
                    "source": None,
                    "counter_name": "m",
                    "counter_type": "gauge",
                    "counter_unit": "",
                    "counter_volume": number / 7,
                    "user_id": "",
                    "project_id": "p",
                    "resource_id": f"vm-{number % 50}",
                    "timestamp": f"2026-03-{1 + int(after // 86400):02}T{clock(after % 86400)}",
                    "recorded_at": "2026-04-01T00:00:00",
                    "resource_metadata": METADATA,
                    "message_id": str(UUID(int=number)),
                },
                separators=(",", ":"),
            ).encode()
            + b"\n"
        )


def clock(seconds: float) -> str:
    minutes, second = divmod(int(seconds), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}"


def write(path: Path, count: int, seconds: float = 1.0) -> Path:
    with path.open("wb") as out:
        out.writelines(lines(count, seconds))
    return path


def give(process: subprocess.Popen[bytes], some: Iterable[bytes]) -> None:
    """Let it read these lines, and wait for more."""
    assert process.stdin is not None
    process.stdin.writelines(some)
    process.stdin.flush()


def wait_for(store: Store, samples: int) -> None:
    until(lambda: store.count() >= samples, f"{samples} samples are stored")


def canonical(exported: str) -> list[object]:
    return [json.loads(line) for line in exported.splitlines()]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with stores.fresh(tmp_path / "data") as made:
        yield made


def test_an_import_that_is_killed_again_and_again_stores_each_sample_once(
    store: Store, tmp_path: Path
) -> None:
    file = write(tmp_path / "samples.jsonl", 40_000)
    for floor in (500, 8_000, 16_000):
        process = store.start("import_samples", "-", "--batch", "500")
        give(process, islice(lines(40_000), floor + 1_750))
        wait_for(store, floor)
        process.kill()
        process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL
        assert store.count() % 500 == 0
    before = store.count()
    said = store.manage("import_samples", str(file))
    assert said == f"{40_000 - before:,} samples stored, {before:,} were there already.\n"
    assert canonical(store.manage("export_samples")) == canonical(file.read_text())


def test_ctrl_c_says_what_is_stored_and_how_to_go_on(store: Store, tmp_path: Path) -> None:
    process = store.start("import_samples", "-", "--batch", "100")
    give(process, lines(250))
    wait_for(store, 200)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.decode().strip() == (
        "Stopped. 200 samples stored, 0 were there already. To go on, run it again with the same "
        "file: what is there already is not stored twice."
    )
    again = store.manage("import_samples", str(write(tmp_path / "all.jsonl", 250)))
    assert again == "50 samples stored, 200 were there already.\n"


def test_an_export_that_is_killed_leaves_nothing_that_looks_whole(
    store: Store, tmp_path: Path
) -> None:
    store.manage("import_samples", str(write(tmp_path / "in.jsonl", 40_000)))
    file, part = tmp_path / "out.jsonl", tmp_path / "out.jsonl.part"
    process = store.start("export_samples", "--output", str(file))
    until(lambda: part.exists() and part.stat().st_size > 0, "the export has begun")
    process.kill()
    process.communicate(timeout=60)
    assert not file.exists()
    assert store.manage("export_samples", "--output", str(file)) == (
        f"40,000 samples written to {file}.\n"
    )
    assert not part.exists()


@pytest.mark.postgres
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_samples_go_from_sqlite_to_postgresql_and_back(
    store: Store, tmp_path: Path, form: str
) -> None:
    first, second = tmp_path / f"first.{form}", tmp_path / f"second.{form}"
    small = stores.make(tmp_path / "small")
    small.manage("import_samples", str(write(tmp_path / "in.jsonl", 3_000)))
    small.manage("export_samples", "--output", str(first))
    store.manage("import_samples", str(first))
    store.manage("export_samples", "--output", str(second))
    assert second.read_bytes() == first.read_bytes()
    again = small.manage("import_samples", str(second))
    assert again == "0 samples stored, 3,000 were there already.\n"


def test_memory_does_not_grow_with_the_number_of_samples(tmp_path: Path) -> None:
    few, many = (taken(tmp_path / str(count), count) for count in (30_000, 300_000))
    # What is 270,000 samples more takes 64 MiB as lines, and twice that as samples.
    growth = [more - less for less, more in zip(few, many, strict=True)]
    assert max(growth) < ROOM + CACHE


def taken(folder: Path, count: int) -> list[int]:
    """KiB that an import takes, both exports, and an import of CSV."""
    folder.mkdir()
    start, file = write(folder / "in.jsonl", count, seconds=3.0), folder / "out.csv"
    with stores.fresh(folder / "data") as store:
        return [
            memory(store, "import_samples", str(start)),
            memory(store, "export_samples", "--output", str(folder / "out.jsonl")),
            memory(store, "export_samples", "--output", str(file)),
            memory(store, "import_samples", str(file)),
        ]


def memory(store: Store, *words: str) -> int:
    process = store.start(*words, before=MEASURED)
    _, err = process.communicate(timeout=240)
    assert process.returncode == 0, err.decode()
    return int(err)
