"""What a Gnocchi must know before it takes resources and metrics: their types and policies."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from telemetry_site.core.clock import EPOCH, utc
from telemetry_site.core.publishers.gnocchi_client import JSON_PATCH, Gnocchi, Refused
from telemetry_site.core.publishers.gnocchi_definitions import BASE, Definitions
from telemetry_site.core.publishers.publisher import PublishError

LONGEST = 255  # letters in an attribute of a type that we make
TEXT: Final = {"type": "string", "required": False, "min_length": 0, "max_length": LONGEST}
TIME: Final = {"type": "datetime", "required": False}

logger = logging.getLogger(__name__)


class Types:
    """Makes what the definitions name and Gnocchi has not, each time it is first needed.

    What cannot be made raises PublishError and is tried again: it is no fault of the parcel.
    """

    def __init__(self, gnocchi: Gnocchi, definitions: Definitions) -> None:
        self._gnocchi = gnocchi
        self._definitions = definitions
        self._has_policies = False
        self._known: dict[str, Mapping[str, Any]] = {}

    @contextmanager
    def trusted(self) -> Iterator[None]:
        """Around the sending of a parcel: whoever is refused on what we knew from earlier tries
        again, and finds out anew what is there. Raises PublishError, Refused."""
        old = bool(self._known)
        try:
            yield
        except Refused as error:
            self._has_policies = False
            self._known.clear()
            if old:
                raise PublishError(str(error)) from error
            raise

    def have_policies(self) -> None:
        """See that the archive policies of the definitions are there."""
        if self._has_policies:
            return
        try:
            there = {one["name"] for one in self._gnocchi.get("/archive_policy")}
            for policy in self._definitions.policies:
                if policy["name"] not in there:
                    _made(self._gnocchi, "/archive_policy", policy)
                    there.add(policy["name"])
        except Refused as error:
            raise PublishError(f"The archive policies are not there. {error}") from error
        if missing := sorted(self._definitions.named_policies - there):
            raise PublishError(f"Gnocchi has no archive policy {missing[0]}: make it there.")
        self._has_policies = True

    def have_types(self, kinds: Iterable[str]) -> None:
        """See that resource types are there, with the attributes that the definitions give them."""
        for kind in kinds:
            if kind not in self._known:
                self._known[kind] = self._attributes(kind)

    def fitted(self, kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """What of the values a resource of the type can be given, as Gnocchi itself writes them."""
        known = self._known[kind]
        found = {
            name: _fit(value, _usual(name) if name in BASE else known[name])
            for name, value in values.items()
            if name in BASE or name in known
        }
        return {name: value for name, value in found.items() if value is not None}

    def _attributes(self, kind: str) -> Mapping[str, Any]:
        """Those of a type, by name."""
        wanted = {name: _usual(name) for name in self._definitions.attributes(kind)}
        try:
            there: dict[str, Any] = self._there(kind, wanted)
        except Refused as error:
            raise PublishError(f"The resource type {kind} is not there. {error}") from error
        missing = {name: one for name, one in wanted.items() if name not in there}
        return {**there, **(self._added(kind, missing) if missing else {})}

    def _there(self, kind: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
        try:
            found: dict[str, Any] = self._gnocchi.get(_path(kind))["attributes"]
        except Refused as error:
            if error.code != 404:
                raise
            _made(self._gnocchi, "/resource_type", {"name": kind, "attributes": wanted})
            found = self._gnocchi.get(_path(kind))["attributes"]
        return found

    def _added(self, kind: str, missing: Mapping[str, Any]) -> Mapping[str, Any]:
        """Attributes that an older type has not; none where Gnocchi does not want them."""
        change = [
            {"op": "add", "path": f"/attributes/{name}", "value": one}
            for name, one in missing.items()
        ]
        try:
            self._gnocchi.patch(_path(kind), change, JSON_PATCH)
        except Refused as error:
            names = ", ".join(missing)
            logger.warning("Resources of type %s stay without %s. %s", kind, names, error)
            return {}
        return missing


def _path(kind: str) -> str:
    return f"/resource_type/{quote(kind, safe='')}"


def _made(gnocchi: Gnocchi, path: str, body: Mapping[str, Any]) -> None:
    """It is there afterwards, whoever was first."""
    try:
        gnocchi.post(path, body)
    except Refused as error:
        if error.code != 409:
            raise


def _usual(name: str) -> Mapping[str, Any]:
    """The type of an attribute: what happens at a time is a time, all else is text."""
    return TIME if name.endswith("_at") else TEXT


def _fit(value: Any, attribute: Mapping[str, Any]) -> Any:
    """The value as an attribute of that type has it; None if it cannot be one."""
    if value is None or isinstance(value, dict | list):
        return None
    try:
        return READ[attribute["type"]](value, attribute)
    except (KeyError, ValueError, OverflowError):
        return None


def _text(value: Any, attribute: Mapping[str, Any]) -> str | None:
    text = str(value)[: attribute["max_length"]]
    return text if len(text) >= attribute["min_length"] else None


def _time(value: Any, _: Mapping[str, Any]) -> str | None:
    moment = utc(str(value))
    return moment.isoformat() if moment >= EPOCH else None


def _number(value: Any, _: Mapping[str, Any]) -> float:
    return float(value)


def _truth(value: Any, _: Mapping[str, Any]) -> bool | None:
    return value if isinstance(value, bool) else None


def _uuid(value: Any, _: Mapping[str, Any]) -> str:
    return str(UUID(str(value)))


READ: Final[Mapping[str, Callable[[Any, Mapping[str, Any]], Any]]] = {
    "string": _text,
    "datetime": _time,
    "number": _number,
    "bool": _truth,
    "uuid": _uuid,
}
