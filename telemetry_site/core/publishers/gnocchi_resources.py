"""Reads files of resource definitions, in the format of Ceilometer's gnocchi_resources.yaml."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NoReturn

from telemetry_site.core.definitions import yamlfiles
from telemetry_site.core.definitions.fields import field
from telemetry_site.core.definitions.matches import BadPath
from telemetry_site.core.definitions.yamlfiles import Located
from telemetry_site.core.errors import BadDefinition
from telemetry_site.core.publishers.address import Address, BadAddress
from telemetry_site.core.publishers.gnocchi_definitions import (
    OPERATIONS,
    Definitions,
    ResourceDefinition,
)

SHIPPED: Final = Path(__file__).parent / "data" / "gnocchi_resources.yaml"
DEFAULT_POLICY = "ceilometer-low"


def definitions_of(address: Address) -> Definitions:
    """Takes `resources_definition_file` and `archive_policy` out of the address.

    A file is looked for from the folder we run in; the shipped one stands in for one that has its
    name and is not there. Raises BadAddress.
    """
    name = address.option("resources_definition_file", str, SHIPPED.name)
    policy = address.option("archive_policy", str, "")
    path = SHIPPED if name == SHIPPED.name and not Path(name).exists() else Path(name)
    try:
        return read(path, policy)
    except BadDefinition as error:
        raise BadAddress(f"{address}: {error}") from error


def read(path: Path, policy: str = "") -> Definitions:
    """The definitions of a file, with the archive policy of all metrics if one is named.

    Raises BadDefinition.
    """
    return _Reader(path, policy).definitions(yamlfiles.load(path))


class _Reader:
    def __init__(self, path: Path, policy: str) -> None:
        self._path = path
        self._override = policy
        self._default = DEFAULT_POLICY

    def definitions(self, content: Any) -> Definitions:
        if not isinstance(content, Located):
            self._fail(1, "it needs the key resources, with a list")
        self._default = content.get("archive_policy_default") or DEFAULT_POLICY
        policies = self._objects(content, "archive_policies")
        for one in policies:
            self._text(one, "name", "an archive policy")
        return Definitions(policies, [self._entry(e) for e in self._objects(content, "resources")])

    def _entry(self, given: Located) -> ResourceDefinition:
        kind = self._text(given, "resource_type", "a resource")
        what = f"resource {kind}"
        events = {key: self._patterns(given, key, what) for key in OPERATIONS if key in given}
        traits = self._object(given, "event_attributes", what)
        if events and not isinstance(traits.get("id"), str):
            self._fail(given.line, f"{what} has events, so its event_attributes need an id")
        return ResourceDefinition(
            type=kind,
            metrics=self._metrics(given, what),
            attributes=self._each(given, "attributes", what, field),
            ignored=given.get("ignore") is True,
            events=events,
            event_attributes=self._each(given, "event_attributes", what, _trait),
            associated=self._each(given, "event_associated_resources", what, json.loads),
        )

    def _metrics(self, given: Located, what: str) -> dict[str, str]:
        """A list of names, or an object with what is special of each."""
        metrics = given.get("metrics")
        if isinstance(metrics, list):
            metrics = dict.fromkeys(map(str, metrics))
        if not isinstance(metrics, dict):
            self._fail(given.line, f"{what} needs metrics: an object or a list")
        if strange := [name for name, one in metrics.items() if not isinstance(one, dict | None)]:
            self._fail(given.line, f"metric {strange[0]} of {what} must have an object or nothing")
        own = given.get("archive_policy")  # of the whole entry, in older files
        return {
            str(name): own
            or self._override
            or (one or {}).get("archive_policy_name")
            or self._default
            for name, one in metrics.items()
        }

    def _each(
        self, given: Located, key: str, what: str, read: Callable[[Any], Any]
    ) -> dict[str, Any]:
        made = {}
        for name, one in self._object(given, key, what).items():
            try:
                made[str(name)] = read(one)
            except (BadPath, ValueError, TypeError) as error:
                self._fail(given.line, f"{name} in {key} of {what}: {error}")
        return made

    def _patterns(self, given: Located, key: str, what: str) -> list[str]:
        found = given[key] if isinstance(given[key], list) else [given[key]]
        if not all(isinstance(one, str) and one for one in found):
            self._fail(given.line, f"{key} of {what} must be an event type or a list of them")
        return found

    def _text(self, given: Located, key: str, what: str) -> str:
        found = given.get(key)
        if not isinstance(found, str) or not found:
            self._fail(given.line, f"{what} needs a {key}")
        return found

    def _object(self, given: Located, key: str, what: str) -> dict[str, Any]:
        found = given.get(key) or {}
        if not isinstance(found, dict):
            self._fail(given.line, f"{key} of {what} must be an object")
        return found

    def _objects(self, given: Located, key: str) -> list[Located]:
        found = given.get(key) or []
        if not isinstance(found, list) or not all(isinstance(one, Located) for one in found):
            self._fail(given.line, f"{key} must be a list of objects")
        return found

    def _fail(self, line: int, why: str) -> NoReturn:
        raise BadDefinition(str(self._path), line, why)


def _trait(given: Any) -> str:
    if not isinstance(given, str) or not given:
        raise ValueError("it must be the name of a trait")
    return given
