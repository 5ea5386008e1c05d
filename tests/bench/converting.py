"""What it takes to make samples and events of notifications, against Ceilometer's own code."""

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from telemetry_site.conversion import convert
from telemetry_site.core.clock import now, utc
from telemetry_site.core.messaging.notification import Notification, from_wire
from telemetry_site.memory import settle
from tests import peers
from tests.bench import goals, turns
from tests.bench.rows import Row
from tests.bench.run import Run
from tests.bench.turns import timed
from tests.conversions import CASES
from tests.source import ROOT

PACKAGES = ("ceilometer==27.0.0", "setuptools<81")
PROGRAM = ROOT / "tests" / "bench" / "reference_conversion.py"
AT_ONCE = 2_000  # notifications in a round, at least: all of them so many times
ROUNDS = 21


class Made(NamedTuple):
    """The seconds that it took, and of each notification how many samples and events it makes."""

    seconds: float
    counts: list[list[int]]


def measure(run: Run) -> list[Row]:
    """Notifications a second of both, in turns. Raises RuntimeError where they make different."""
    said = _recorded(run.recorded) if run.recorded else _of_the_tests()
    notifications = [from_wire(one) for one in said]
    passes = -(-AT_ONCE // len(said))
    count = passes * len(said)
    settle()  # as in a process that reads notifications
    with _reference(said) as convert_all:
        made = convert_all(passes).counts
        _check(said, _convert_all(notifications, passes).counts, made)
        found = turns.take(
            {
                "ours": lambda _: count / _convert_all(notifications, passes).seconds,
                "theirs": lambda _: count / convert_all(passes).seconds,
            },
            ROUNDS,
        )
    samples, events = map(sum, zip(*made, strict=True))
    what = "recorded" if run.recorded else "of the tests"
    against = (
        f"Ceilometer ({found.median('theirs'):,.0f}/s); {len(said)} notifications {what}, decoded, "
        f"{samples} samples and {events} events of them, {passes} times in a round"
    )
    return [Row(goals.CONVERTED, found.median("ours"), found.ratio("ours", "theirs"), against)]


def _check(
    said: Sequence[Mapping[str, Any]], ours: list[list[int]], theirs: list[list[int]]
) -> None:
    """Raises RuntimeError with the first that does not make as many."""
    for one, mine, other in zip(said, ours, theirs, strict=True):
        if mine != other:
            raise RuntimeError(
                f"Of {one['event_type']} {one['message_id']} we make {mine} samples and events, "
                f"Ceilometer {other}"
            )


def _of_the_tests() -> list[Mapping[str, Any]]:
    """Those that nothing is wrong with."""
    return [case["notification"] for case in CASES.values() if not case.get("faults")]


def _recorded(folder: Path) -> list[Mapping[str, Any]]:
    names = sorted(json.loads((folder / "expected.json").read_text())["expected"])
    return [json.loads((folder / name).read_text()) for name in names]


def _convert_all(notifications: Sequence[Notification], passes: int) -> Made:
    """Times are remembered within a pass alone: a live stream does not say the same ones again."""
    moment = now()
    seconds, counts = 0.0, []

    def work() -> None:
        for one in notifications:
            made = convert(one, moment)
            counts.append([len(made.samples), int(made.event is not None)])

    for _ in range(passes):
        counts.clear()
        utc.cache_clear()
        seconds += timed(work)
    return Made(seconds, counts)


@contextmanager
def _reference(said: Sequence[Mapping[str, Any]]) -> Iterator[Callable[[int], Made]]:
    """Ceilometer, which converts all of them so many times when it is called."""
    programs = peers.installed("ceilometer", PACKAGES)
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.writelines(f"{json.dumps(one)}\n" for one in said)
        file.flush()
        process = subprocess.Popen(
            [programs / "python", PROGRAM, file.name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

        def convert_all(passes: int) -> Made:
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(f"{passes}\n")
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
