"""Reads meter definitions out of files; a bad one is reported and never takes the rest down."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from meters.notified.definition import Definition
from telemetry_site.core.definitions import yamlfiles
from telemetry_site.core.definitions.matches import BadPath
from telemetry_site.core.errors import BadDefinition


class Loaded(NamedTuple):
    """The definitions of some files in the order they are tried, and what is wrong with others."""

    definitions: list[Definition]
    faults: list[BadDefinition]


def load(places: Iterable[Path], owners: Callable[[Path], bool] = lambda file: False) -> Loaded:
    """Read files and folders of *.yaml.

    A name that stands twice means its last definition within a file, and of several files the
    first that has it. `owners` says of a file that user and project come from the context where
    its definitions give none.
    """
    found = Loaded([], [])
    known: set[str] = set()
    for path in yamlfiles.found(places):
        for given in _entries(path, found.faults):
            try:
                place = f"{path.name}, line {given.line}"
                made = Definition(given, place, owners=owners(path))
            except BadPath as error:
                found.faults.append(BadDefinition(str(path), given.line, str(error)))
                continue
            if made.name not in known:
                known.add(made.name)
                found.definitions.append(made)
    return found


def _entries(path: Path, faults: list[BadDefinition]) -> list[yamlfiles.Located]:
    """The entries of a file, the last first."""
    try:
        return list(reversed(_listed(path, yamlfiles.load(path), faults)))
    except BadDefinition as error:
        faults.append(error)
        return []


def _listed(path: Path, content: Any, faults: list[BadDefinition]) -> list[yamlfiles.Located]:
    if content is None:
        return []
    if not isinstance(content, yamlfiles.Located) or not isinstance(content.get("metric"), list):
        raise BadDefinition(str(path), 1, "it needs the key metric with a list of definitions")
    entries = content["metric"]
    strange = [entry for entry in entries if not isinstance(entry, yamlfiles.Located)]
    for entry in strange:
        why = f"{entry!r:.100} is no definition: an object is wanted"
        faults.append(BadDefinition(str(path), content.line, why))
    return [entry for entry in entries if isinstance(entry, yamlfiles.Located)]
