"""Conversations with the API, as the files in tests/scenarios write them down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.callers import ADMIN, MEMBER, STRANGER

FOLDER = Path(__file__).parent / "scenarios"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
CALLERS: dict[str, Mapping[str, str]] = {
    "admin": ADMIN,
    "member": MEMBER,
    "stranger": STRANGER,
    "nobody": {},
}
# Stands in an answer for what differs at every run, such as the time of storing.
WHATEVER = "…"


@dataclass(frozen=True, slots=True)
class Step:
    """One request and what it must be answered with.

    `keep` names a field of the answer, or of the first object in it; later paths write it as
    $field.
    `headers` are those of the answer that must be there.
    """

    name: str
    method: str
    path: str
    caller: str = "admin"
    status: int = 200
    body: Any = None
    send: Mapping[str, str] = field(default_factory=dict)
    answer: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    keep: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Steps that follow each other on an empty store."""

    title: str
    about: str
    steps: tuple[Step, ...]


def files() -> list[Path]:
    """Every scenario, in the order they are told."""
    return sorted(FOLDER.glob("*.yaml"))


def read(path: Path) -> Scenario:
    """One file. A step names its method with its path; `as` is the caller."""
    content = yaml.safe_load(path.read_text())
    return Scenario(
        content["title"], content["about"].strip(), tuple(_step(row) for row in content["steps"])
    )


def _step(row: dict[str, Any]) -> Step:
    rest = dict(row)
    (method,) = set(rest) & set(METHODS)
    return Step(method=method, path=rest.pop(method), caller=rest.pop("as", "admin"), **rest)


def same(expected: Any, found: Any) -> bool:
    """Whether an answer is the expected one; WHATEVER is equal to anything.

    >>> same({"a": ["…", 2]}, {"a": [1, 2]}), same({"a": 1}, {"a": 1, "b": 2})
    (True, False)
    """
    if expected == WHATEVER:
        return True
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(
            same(value, found[name]) for name, value in expected.items()
        )
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(same, expected, found))
    return bool(expected == found) and isinstance(expected, bool) == isinstance(found, bool)
