"""Recorded notifications and what the original made of them; without a folder nothing is here."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from tests.environment import RECORDED

FOLDER = os.environ.get(RECORDED, "")
collect_ignore_glob = [] if FOLDER else ["test_*.py"]


@cache
def of_release(name: str) -> dict[str, Any]:
    """By file, what a release of the original makes of the notification."""
    found = json.loads((Path(FOLDER) / "expected.json").read_text())["expected"]
    return {file: made[name] for file, made in found.items() if name in made}


def expected() -> dict[str, Any]:
    """What release 27 makes of them."""
    return of_release("master")


def body(name: str) -> bytes:
    """The file as it lies there."""
    return (Path(FOLDER) / name).read_bytes()
