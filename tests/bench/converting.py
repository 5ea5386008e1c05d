"""What it takes to make samples and events of notifications, against Ceilometer's own code."""

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from telemetry_site.conversion import convert
from telemetry_site.core.clock import now
from telemetry_site.core.messaging.notification import Notification, from_wire
from telemetry_site.memory import settle
from tests.bench import goals, peers, turns
from tests.bench.rows import Row
from tests.bench.run import Run
from tests.bench.turns import timed
from tests.said import every
from tests.source import ROOT

PACKAGES = ("ceilometer==27.0.0", "setuptools<81")
PROGRAM = ROOT / "tests" / "bench" / "reference_conversion.py"
AT_ONCE = 2_000  # notifications in a round, the same ones again and again
ROUNDS = 21


class Made(NamedTuple):
    """The seconds that it took to convert all of them, and what they became."""

    seconds: float
    samples: int
    events: int


def measure(run: Run) -> list[Row]:
    """Notifications a second of both, in turns. Raises RuntimeError where they make different."""
    said = _recorded(run.recorded) if run.recorded else list(every())
    repeated = [said[place % len(said)] for place in range(AT_ONCE)]
    notifications = [from_wire(one) for one in repeated]
    settle()  # as in a process that reads notifications
    with _reference(repeated) as convert_all:
        ours, theirs = _convert_all(notifications), convert_all()
        if ours[1:] != theirs[1:]:
            raise RuntimeError(f"We make {ours[1:]} samples and events, Ceilometer {theirs[1:]}")
        found = turns.take(
            {
                "ours": lambda _: AT_ONCE / _convert_all(notifications).seconds,
                "theirs": lambda _: AT_ONCE / convert_all().seconds,
            },
            ROUNDS,
        )
    what = "recorded" if run.recorded else "of the tests"
    against = (
        f"Ceilometer ({found.median('theirs'):,.0f}/s); {len(said)} notifications {what}, "
        f"{theirs.samples:,} samples and {theirs.events:,} events of {AT_ONCE:,} of them"
    )
    return [Row(goals.CONVERTED, found.median("ours"), found.ratio("ours", "theirs"), against)]


def _recorded(folder: Path) -> list[dict[str, Any]]:
    names = sorted(json.loads((folder / "expected.json").read_text())["expected"])
    return [json.loads((folder / name).read_text()) for name in names]


def _convert_all(notifications: Sequence[Notification]) -> Made:
    counts = [0, 0]
    moment = now()

    def work() -> None:
        for one in notifications:
            made = convert(one, moment)
            counts[0] += len(made.samples)
            counts[1] += made.event is not None

    return Made(timed(work), *counts)


@contextmanager
def _reference(said: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
    """Ceilometer, which converts all of them when it is called."""
    programs = peers.installed("ceilometer", PACKAGES)
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.writelines(f"{json.dumps(one)}\n" for one in said)
        file.flush()
        process = subprocess.Popen(
            [programs / "python", PROGRAM, file.name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

        def convert_all() -> Made:
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write("\n")
            process.stdin.flush()
            line = process.stdout.readline()
            if not line:
                raise RuntimeError(f"Ceilometer has ended with {process.wait()}")
            return Made(*json.loads(line))

        try:
            yield convert_all
        finally:
            process.kill()
            process.wait()
