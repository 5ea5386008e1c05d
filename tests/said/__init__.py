"""Notifications of our own making, by service, and beside each what has to become of it.

An entry is what was `said` (tests.notifications has what is left out), the `samples` (name, type,
unit, volume, resource, project, user, and the time where it is not the notification's) and the
`event` (its traits by their types, and `generated` where it is not the notification's time; null
where there is none). Samples have the payload, the event type and the publisher as metadata, with
`more_metadata` beside them, or else `metadata` alone. All of it is worked out by hand.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.notifications import wire

FOLDER = Path(__file__).parent


def entries() -> dict[str, dict[str, Any]]:
    """Every entry by its file and name."""
    return {
        f"{path.stem}: {name}": entry
        for path in sorted(FOLDER.glob("*.yaml"))
        for name, entry in yaml.safe_load(path.read_text()).items()
    }


def every() -> Iterator[dict[str, Any]]:
    """All notifications, as they lie on the bus."""
    for entry in entries().values():
        yield wire(**entry["said"])
