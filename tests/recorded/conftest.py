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
def expected() -> dict[str, Any]:
    """By file, what release 27 of the original makes of the notification."""
    found = json.loads((Path(FOLDER) / "expected.json").read_text())["expected"]
    return {name: made["master"] for name, made in found.items()}


def body(name: str) -> bytes:
    """The file as it lies there."""
    return (Path(FOLDER) / name).read_bytes()
