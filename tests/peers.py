"""What others made, to be spoken to or measured: each in a virtual environment of its own."""

import fcntl
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.servers import ServerFailed
from tests.source import ROOT


def installed(name: str, packages: Sequence[str]) -> Path:
    """The programs of the environment under var/, made at the first time. Raises ServerFailed."""
    home = ROOT / "var" / name
    programs, stamp = home / "bin", home / "installed"
    with _alone(home.with_suffix(".lock")):
        if stamp.exists() and stamp.read_text() == "\n".join(packages):
            return programs
        sys.stderr.write(f"Installing {name} into {home.relative_to(ROOT)} ...\n")
        run(sys.executable, "-m", "venv", "--clear", str(home))
        run(str(programs / "python"), "-m", "pip", "install", "-q", "--no-input", *packages)
        stamp.write_text("\n".join(packages))
    return programs


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Tests run in several processes, and the first of them installs."""
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run(*command: str) -> None:
    """Run a program to its end. Raises ServerFailed with what it said."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ServerFailed(f"{Path(command[0]).name} failed: {done.stderr.strip()[-1000:]}")
