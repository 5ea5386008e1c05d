"""Notifications of our own making, a file for each service, and what each has to become.

What is expected was worked out by hand from what Ceilometer's definitions say. Its times without
quotes are of UTC. The type of a trait is that of its value, as YAML reads it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

CASES: Mapping[str, Mapping[str, Any]] = {
    f"{path.stem}/{case['name']}": case
    for path in sorted(Path(__file__).parent.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text())
}
