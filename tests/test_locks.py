"""The lock files hold what pyproject.toml asks for, with hashes, and no address of a registry."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
BASE = PROJECT["dependencies"]
LOCKS = {
    "requirements.lock": BASE,
    "requirements-dev.lock": BASE + PROJECT["optional-dependencies"]["dev"],
}


def pins(lock: str) -> dict[str, Version]:
    """The version of each package that is named in a lock file."""
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;]+)", lock, re.MULTILINE)
    return {canonicalize_name(name): Version(version) for name, version in found}


@pytest.mark.parametrize("name", LOCKS)
def test_it_satisfies_the_project(name: str) -> None:
    pinned = pins((ROOT / name).read_text())
    wanted = [Requirement(line) for line in LOCKS[name]]
    assert [
        str(want)
        for want in wanted
        if canonicalize_name(want.name) not in pinned
        or pinned[canonicalize_name(want.name)] not in want.specifier
    ] == []


@pytest.mark.parametrize("name", LOCKS)
def test_it_has_hashes_and_no_address(name: str) -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / name).read_text().strip())
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert [line for block in blocks for line in block.splitlines() if "://" in line] == []


def test_both_hold_the_same_versions() -> None:
    base, dev = (pins((ROOT / name).read_text()) for name in LOCKS)
    assert {name: (version, dev.get(name)) for name, version in base.items()} == {
        name: (version, version) for name, version in base.items()
    }
