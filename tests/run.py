"""Runs the tests: everything on SQLite, then what touches the store on a PostgreSQL of our own.

`python -m tests.run [--fast] [words for pytest]`. Ends with `N passed, N failed` and exit code 0
only when nothing failed, nothing was skipped, and the PostgreSQL half left out no test of the
store and the API.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests import servers, tally
from tests.tally import Tally

QUICK = "not process and not browser"
SHARED = f"({QUICK}) or postgres"  # on PostgreSQL, processes and browsers only where marked so
WORKERS = ("-n", "2", "--dist", "loadfile")


def half(name: str, database_url: str, choice: str, words: Sequence[str]) -> Tally:
    """Run the chosen tests on one database."""
    say(f"== {name}")
    environ = {**os.environ, "TELEMETRY_DATABASE_URL": database_url}
    with tempfile.TemporaryDirectory(prefix="telemetry-tally-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", *WORKERS, f"--junit-xml={report}"]
        if choice:
            command += ["-m", choice]
        ended = subprocess.run([*command, *words], env=environ, check=False)
        return tally.read(report, ended.returncode)


def run(fast: bool, words: Sequence[str]) -> list[Tally]:
    """The halves that were asked for."""
    first = half("SQLite", "", QUICK if fast else "", words)
    if fast:
        return [first]
    with servers.postgres() as url:
        return [first, half("PostgreSQL", url, SHARED, words)]


def say(line: str) -> None:
    """A line on standard output, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(words: Sequence[str]) -> int:
    """Run, say what is wrong and count; the exit code."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))  # so that the servers are ended on the way
    try:
        halves = run("--fast" in words, [word for word in words if word != "--fast"])
    except KeyboardInterrupt:
        say("Interrupted.")
        return 130
    except servers.ServerFailed as error:
        say(str(error))
        return 1
    complaints = tally.complaints(halves)
    for complaint in complaints:
        say(complaint)
    say(f"{sum(t.passed for t in halves)} passed, {sum(t.failed for t in halves)} failed")
    return 1 if complaints else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
