"""Where rows are written: docs/performance.md, between its markers, and var/bench.json."""

import json
import os
import platform
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from tests.bench.rows import Row, table
from tests.bench.turns import timed
from tests.source import ROOT

PAGE = ROOT / "docs" / "performance.md"


def machine() -> str:
    """The machine in two sentences."""
    cores = os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{cores} cores, {memory:.0f} GiB of memory, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}; server, database and load generator share it. "
        f"Its disk takes {_durable_write() * 1e3:.2f} ms to make 8 kB durable."
    )


def _durable_write() -> float:
    """Seconds that a commit waits for the disk; where they are few, one by one is not so slow."""
    with tempfile.TemporaryFile() as file:

        def write() -> None:
            file.write(bytes(8_192))
            file.flush()
            os.fdatasync(file.fileno())

        return median(timed(write) for _ in range(100))


def section(rows: Sequence[Row], size: str) -> str:
    """A table under the machine and the size it was measured at."""
    return f"{machine()} Size: {size}.\n\n{table(rows)}"


def placed(page: str, marker: str, content: str) -> str:
    """The page with the content between the two lines of this marker, the rest untouched.

    >>> placed("a\\n<!-- x: begin -->\\nb\\n<!-- x: end -->\\nc", "x", "d")
    'a\\n<!-- x: begin -->\\nd\\n<!-- x: end -->\\nc'
    """
    begin, end = f"<!-- {marker}: begin -->", f"<!-- {marker}: end -->"
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"the page has no place for {marker}: put {begin} and {end} into it")
    return f"{before}{begin}\n{content}\n{end}{after}"


def write(measured: Mapping[str, Sequence[Row]], size: str) -> None:
    """Each section that was measured into its place; the others stay as they are."""
    text = PAGE.read_text()
    for marker, rows in measured.items():
        if rows:
            text = placed(text, marker, section(rows, size))
    PAGE.write_text(text)


def write_json(rows: Sequence[Row]) -> Path:
    """All rows of this run into var/bench.json."""
    path = ROOT / "var" / "bench.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps([row.plain() for row in rows], indent=2) + "\n")
    return path
