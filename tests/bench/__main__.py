"""`make bench`: measures every row and writes docs/performance.md and var/bench.json."""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import django

from tests.bench import page
from tests.bench.databases import Databases
from tests.bench.rows import Row, table
from tests.bench.server import PLAIN
from tests.bench.sizes import SIZES, Size
from tests.bench.workload import TIME_TO_LIVE
from tests.servers import ServerFailed, postgres

SETTINGS = {
    "TELEMETRY_SAMPLE_TTL": f"{TIME_TO_LIVE.days} days",
    "TELEMETRY_PIPELINE_FILE": str(PLAIN),
}
DURABLE = {"shared_buffers": "2GB", "max_wal_size": "8GB"}
# The sections of the page, and the modules that measure their rows.
SECTIONS = {
    "bench": (
        "posting", "decoding", "delivering", "consuming", "finding", "reading", "growth", "upkeep",
        "passing",
    ),
    "pipelines": ("transforming",),
    "alarms": ("evaluating", "firing"),
    "gnocchi": ("gnocchi",),
    "ceilometer": ("converting",),
}  # fmt: skip
RECORDED = "TELEMETRY_RECORDED_NOTIFICATIONS"
PARTS = [part for parts in SECTIONS.values() for part in parts]


def main(words: Sequence[str]) -> int:
    """Runs what is asked for; 1 when a floor was missed, or a part could not be measured."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="small", help="how much is measured")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure this part alone")
    parser.add_argument("--keep-page", action="store_true", help="leave docs/performance.md alone")
    arguments = parser.parse_args(words)
    peers = os.environ.get("PEERS", "").split(",")
    chosen = ["bench", "pipelines", "alarms", *(name for name in SECTIONS if name in peers)]
    parts = arguments.only or [part for name in chosen for part in SECTIONS[name]]
    recorded = os.environ.get(RECORDED)
    try:
        with postgres(DURABLE) as url, tempfile.TemporaryDirectory() as folder:
            _set_up(url, folder)
            size = SIZES[arguments.size]
            measured = _measure(parts, size, url, Path(recorded) if recorded else None)
    except ServerFailed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if not arguments.keep_page:
        page.write(_sections(measured), arguments.size)
    missed = _report([row for rows in measured.values() for row in rows])
    return int(missed or len(measured) < len(parts))


def _set_up(url: str, folder: str) -> None:
    """This process is the service too: it asks its store, on the throw-away server."""
    for name in [name for name in os.environ if name.startswith("TELEMETRY_")]:
        del os.environ[name]
    os.environ |= {
        **SETTINGS,
        "TELEMETRY_DATABASE_URL": url,
        "TELEMETRY_DATA_DIR": folder,
        "DJANGO_SETTINGS_MODULE": "telemetry_site.settings",
    }
    django.setup()


def _measure(
    parts: Sequence[str], size: Size, url: str, recorded: Path | None
) -> dict[str, list[Row]]:
    run = import_module("tests.bench.run").Run(size, Databases(url), recorded)
    measured: dict[str, list[Row]] = {}
    for part in parts:
        began = time.monotonic()
        try:
            measured[part] = import_module(f"tests.bench.{part}").measure(run)
        except (ServerFailed, RuntimeError, AssertionError) as error:
            sys.stderr.write(f"{part} failed: {error}\n")
            continue
        sys.stderr.write(f"{part}: {time.monotonic() - began:.0f} s\n")
    return measured


def _sections(measured: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """The rows of each section that was measured whole."""
    whole = {name: parts for name, parts in SECTIONS.items() if set(parts) <= set(measured)}
    return {
        name: [row for part in parts for row in measured[part]] for name, parts in whole.items()
    }


def _report(rows: list[Row]) -> bool:
    """Writes all rows; whether a floor was missed."""
    path = page.write_json(rows)
    sys.stdout.write(f"{page.machine()}\n\n{table(rows)}\n\n{path}\n")
    return any(row.ok is False for row in rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
