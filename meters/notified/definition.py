"""One meter definition: which notifications it is about, and where in them its values are.

The language is that of the original's meters.yaml.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import translate
from typing import Any

from meters.notified.drafts import Draft, Unusable
from meters.samples import KINDS
from telemetry_site.core.definitions.fields import Constant, Field, field, literal_or_field
from telemetry_site.core.definitions.matches import BadPath
from telemetry_site.core.messaging.notification import Notification

REQUIRED = ("name", "type", "event_type", "unit", "volume", "resource_id")
LITERAL = ("name", "type", "unit")
VALUES = ("name", "type", "unit", "volume", "resource_id", "project_id", "user_id", "timestamp")
OWNERS = {
    "user_id": field(["ctxt.user_id", "ctxt.user"]),
    "project_id": field(["ctxt.project_id", "ctxt.tenant_id", "ctxt.tenant"]),
}


class Definition:
    """A definition, compiled. Raises BadPath with a sentence for one that cannot be used."""

    def __init__(self, given: Mapping[str, Any], place: str, *, owners: bool = False) -> None:
        """`owners` says that user and project come from the context where they are not given."""
        missing = [key for key in REQUIRED if not given.get(key)]
        if missing:
            raise BadPath(f"it needs {' and '.join(missing)}")
        self.place = place
        self.name = str(given["name"])
        self._patterns = [_pattern(one) for one in _texts(given["event_type"], "event_type")]
        self._lookup = frozenset(_texts(given.get("lookup") or [], "lookup"))
        if "type" not in self._lookup and given["type"] not in KINDS:
            raise BadPath(f"its type must be one of {', '.join(KINDS)}")
        self._fields = {key: _value(key, given) for key in VALUES if given.get(key) is not None}
        named = [(key, one) for key, one in self._fields.items() if not isinstance(one, str)]
        self._found = [*(OWNERS.items() if owners else ()), *named]
        texts = {key: one for key, one in self._fields.items() if isinstance(one, str)}
        self._literals: dict[str, Any] = {**dict.fromkeys(VALUES), **texts}
        self._metadata = _metadata(given.get("metadata"))
        self._user_metadata = _user_metadata(given.get("user_metadata"))
        self._check_lookup()

    def matches(self, event_type: str) -> bool:
        """Whether it is about notifications of this type."""
        return any(pattern.match(event_type) for pattern in self._patterns)

    def drafts(self, said: Notification) -> Iterator[Draft]:
        """What it finds in such a notification: one, or as many as the names it looks up.

        Raises Unusable where the numbers of what it looks up do not go together.
        """
        message = said.message
        metadata, mine = self._found_metadata(message), self._found_user_metadata(message)
        for values in self._many(message) if self._lookup else (self._one(message),):
            yield Draft(
                self.place,
                values["name"],
                values["type"],
                values["unit"],
                values["volume"],
                values["resource_id"],
                values["project_id"],
                values["user_id"],
                values["timestamp"],
                metadata,
                mine,
            )

    def _one(self, message: Mapping[str, Any]) -> dict[str, Any]:
        found = dict(self._literals)
        for key, value in self._found:
            if (new := value.value(message)) is not None:
                found[key] = new
        return found

    def _many(self, message: Mapping[str, Any]) -> list[dict[str, Any]]:
        single = self._one(message)
        lists = {key: self._listed(key, message) for key in self._fields}
        names = lists["name"] or []
        columns = {key: [single[key]] * len(names) for key in VALUES}
        for key, values in lists.items():
            if values is None or (not values and key not in self._lookup):
                continue
            if len(values) == len(names):
                columns[key] = values
            elif len(values) == 1 and key not in self._lookup:
                columns[key] = values * len(names)
            else:
                raise Unusable(
                    f"{self.name} ({self.place}): there are {len(names)} names and "
                    f"{len(values)} of {key}"
                )
        return [dict(zip(VALUES, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def _listed(self, key: str, message: Mapping[str, Any]) -> list[Any] | None:
        value = self._fields[key]
        return [value] if isinstance(value, str) else value.values(message)

    def _check_lookup(self) -> None:
        strange = self._lookup - set(VALUES)
        if strange:
            raise BadPath(f"it looks up {sorted(strange)[0]}, which is no value of a sample")
        for key, value in self._fields.items():
            if self._lookup and isinstance(value, Field) and not value.gives_many:
                raise BadPath(f"the plugin of {key} makes one value, and lookup needs many")

    def _found_metadata(self, message: Mapping[str, Any]) -> dict[str, Any] | None:
        """None for the payload: also where the definition finds nothing at all."""
        if not self._metadata:
            return None
        pairs = ((key, one.value(message)) for key, one in self._metadata)
        return {key: value for key, value in pairs if value} or None

    def _found_user_metadata(self, message: Mapping[str, Any]) -> Mapping[str, Any] | None:
        if self._user_metadata is None:
            return None
        found = self._user_metadata.value(message)
        return found if isinstance(found, dict) and found else None


def _texts(given: Any, key: str) -> Sequence[str]:
    found = [given] if isinstance(given, str) else given
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise BadPath(f"{key} is a text or a list of texts")
    return found


def _pattern(text: str) -> re.Pattern[str]:
    """A regular expression, bound to the beginning; a lone `*` is a shell's."""
    try:
        return re.compile(text)
    except re.error:
        return re.compile(translate(text))


def _value(key: str, given: Mapping[str, Any]) -> Field | str:
    try:
        return literal_or_field(given[key]) if key in LITERAL else field(given[key])
    except BadPath as error:
        raise BadPath(f"{key}: {error}") from error


def _metadata(given: Any) -> list[tuple[str, Field]]:
    if given is None:
        return []
    if not isinstance(given, Mapping):
        raise BadPath("metadata is an object of fields")
    try:
        return [(str(key), field(value)) for key, value in given.items()]
    except BadPath as error:
        raise BadPath(f"metadata: {error}") from error


def _user_metadata(given: Any) -> Field | None:
    try:
        found = None if given is None else field(given)
    except BadPath as error:
        raise BadPath(f"user_metadata: {error}") from error
    if isinstance(found, Constant):
        raise BadPath("user_metadata is a field that gives an object")
    return found
