"""Recorded notifications and what the original made of them; without a folder nothing is here."""

import json
import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from meters.samples import Sample
from telemetry_site.core.clock import from_text
from tests.environment import RECORDED

FOLDER = os.environ.get(RECORDED, "")
collect_ignore_glob = [] if FOLDER else ["test_*.py"]


@cache
def expected(release: str = "master") -> dict[str, Any]:
    """By file, what a release of the original makes of the notification: 27, or "mitaka"."""
    found = json.loads((Path(FOLDER) / "expected.json").read_text())["expected"]
    return {name: made[release] for name, made in found.items()}


def body(name: str) -> bytes:
    """The file as it lies there."""
    return (Path(FOLDER) / name).read_bytes()


def plain(sample: Sample) -> dict[str, Any]:
    """A sample of ours under the names that are expected."""
    return {
        "name": sample.meter,
        "type": sample.type,
        "unit": sample.unit,
        "volume": sample.volume,
        "resource_id": sample.resource,
        "project_id": sample.project,
        "user_id": sample.user,
        "timestamp": sample.timestamp,
    }


def moment(text: str) -> datetime:
    """The time of an expected sample, which is UTC where it does not say."""
    found = from_text(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
