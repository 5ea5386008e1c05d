"""Event definitions: which events are made of notifications, and with which traits.

The language is that of the original's event_definitions.yaml.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from fnmatch import translate
from pathlib import Path
from typing import Any, NamedTuple

from events.records import LONGEST_TEXT, Event, Trait, TraitType
from events.traits import KINDS, moment
from telemetry_site.core.definitions import yamlfiles
from telemetry_site.core.definitions.fields import Field, field
from telemetry_site.core.definitions.matches import BadPath
from telemetry_site.core.errors import BadDefinition, TelemetryError
from telemetry_site.core.messaging.notification import Notification

# Every event has these, unless its definition says otherwise of them.
DEFAULT_TRAITS = {
    "service": "publisher_id",
    "request_id": "ctxt.request_id",
    "project_id": ["payload.tenant_id", "ctxt.project_id"],
    "user_id": ["payload.user_id", "ctxt.user_id"],
    "tenant_id": ["payload.tenant_id", "ctxt.project_id"],
}
LONGEST_NAME = 255
# Event types come from outside: so many of them are remembered.
MOST_TYPES = 10_000


class Unusable(TelemetryError):
    """A notification that no event can be made of; says why, and by which definition."""


class TraitDefinition(NamedTuple):
    """A trait: what it is called, how its value is read, and where it is."""

    name: str
    type: TraitType
    read: Callable[[Any], Any]
    field: Field


class Group(NamedTuple):
    """Traits whose values stand side by side in one part of a message.

    Of each its key there, its name, its type and its definition.
    """

    part: str
    rows: tuple[tuple[str, str, TraitType, TraitDefinition], ...]


class Definition:
    """One entry, compiled. Raises BadPath with a sentence for one that cannot be used."""

    def __init__(self, given: Mapping[str, Any], place: str) -> None:
        if "event_type" not in given or "traits" not in given:
            raise BadPath("it needs event_type and traits")
        self.place = place
        patterns = _texts(given["event_type"])
        self._excluded = [_pattern(one[1:]) for one in patterns if one.startswith("!")]
        self._included = [_pattern(one) for one in patterns if not one.startswith("!")]
        self.catches_all = "*" in patterns and not self._excluded
        traits = given["traits"] if given["traits"] is not None else {}
        if not isinstance(traits, Mapping):
            raise BadPath("traits is an object of trait definitions")
        named = {**DEFAULT_TRAITS, **traits}
        found = [_trait(str(name), one) for name, one in named.items()]
        self._groups = list(_groups(found))
        grouped = {name for group in self._groups for _, name, _, _ in group.rows}
        self._others = [trait for trait in found if trait.name not in grouped]

    def matches(self, event_type: str) -> bool:
        """Whether it fits; an entry that only excludes fits everything else."""
        if any(pattern.match(event_type) for pattern in self._excluded):
            return False
        return not self._included or any(one.match(event_type) for one in self._included)

    def traits(self, message: Mapping[str, Any]) -> list[Trait]:
        """The traits that the message has. Raises Unusable."""
        made: list[Trait] = []
        for part, rows in self._groups:
            found = message.get(part)
            if not isinstance(found, dict):
                continue
            for key, name, kind, trait in rows:
                value = found.get(key)
                # Spelled out, not called: most traits are texts, and of each event there are many.
                if type(value) is str and kind == "string" and len(value) <= LONGEST_TEXT:
                    made.append(Trait(name, kind, value))
                elif value is not None:
                    made += self._read(trait, value)
        for trait in self._others:
            made += self._read(trait, trait.field.value(message))
        return made

    def _read(self, trait: TraitDefinition, value: Any) -> tuple[Trait, ...]:
        """The trait of a value, if it has one."""
        name, kind, read, _ = trait
        if value is None or (value == "" and kind != "string"):
            return ()
        try:
            return (Trait(name, kind, read(value)),)
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            raise Unusable(
                f"{self.place}: {value!r:.200} cannot be the {kind} {name}: {error}"
            ) from error


class Definitions:
    """The first of them that fits a notification makes its event."""

    def __init__(
        self,
        definitions: Sequence[Definition],
        *,
        drop_unmatched: bool = False,
        store_raw: Iterable[str] = (),
    ) -> None:
        """`store_raw` names the priorities of which events keep the whole notification."""
        anything = Definition({"event_type": "*", "traits": {}}, "the catch-all")
        needed = not drop_unmatched and not any(one.catches_all for one in definitions)
        self._definitions = [*definitions, anything] if needed else list(definitions)
        self._store_raw = frozenset(word.lower() for word in store_raw)
        self._known: dict[str, Definition | None] = {}

    def chosen(self, event_type: str) -> Definition | None:
        """The definition for events of the type, remembered for the next."""
        if event_type not in self._known:
            if len(self._known) >= MOST_TYPES:
                self._known.clear()
            found = (one for one in self._definitions if one.matches(event_type))
            self._known[event_type] = next(found, None)
        return self._known[event_type]

    def event(self, said: Notification, now: datetime) -> Event | None:
        """The event of a notification; None where none is wanted. Raises Unusable."""
        definition = self.chosen(said.event_type)
        if definition is None:
            return None
        kept = said.priority in self._store_raw
        return Event(
            said.id,
            said.event_type,
            _generated(said, now),
            tuple(definition.traits(said.message)),
            dict(said.message) if kept else {},
        )


class Loaded(NamedTuple):
    """The definitions of some files in the order they are tried, and what is wrong with others."""

    definitions: list[Definition]
    faults: list[BadDefinition]


def load(places: Iterable[Path]) -> Loaded:
    """Read files and folders of *.yaml; what stands in an earlier file comes before the rest.

    Within a file the last entry is tried first.
    """
    found = Loaded([], [])
    for path in yamlfiles.found(places):
        try:
            entries = yamlfiles.load(path) or []
            if not isinstance(entries, list):
                raise BadDefinition(str(path), 1, "it needs a list of event definitions")
        except BadDefinition as error:
            found.faults.append(error)
            continue
        for given in reversed(entries):
            _read(path, given, found)
    return found


def _read(path: Path, given: Any, found: Loaded) -> None:
    line = given.line if isinstance(given, yamlfiles.Located) else 1
    try:
        if not isinstance(given, yamlfiles.Located):
            raise BadPath(f"{given!r:.100} is no definition: an object is wanted")
        found.definitions.append(Definition(given, f"{path.name}, line {line}"))
    except BadPath as error:
        found.faults.append(BadDefinition(str(path), line, str(error)))


def _generated(said: Notification, now: datetime) -> datetime:
    text = said.timestamp or said.message["ctxt"].get("timestamp")
    if text is None:
        return now
    try:
        return moment(text)
    except (ValueError, OverflowError) as error:
        raise Unusable(f"Its timestamp {text!r:.200} is no time") from error


def _texts(given: Any) -> list[str]:
    found = [given] if isinstance(given, str) else given
    if not isinstance(found, list) or not found or not all(isinstance(one, str) for one in found):
        raise BadPath("event_type is a text or a list of texts")
    return found


def _pattern(text: str) -> re.Pattern[str]:
    """A shell's pattern, of upper and lower case."""
    return re.compile(translate(text))


def _trait(name: str, given: Any) -> TraitDefinition:
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadPath(f"the name of a trait has 1 to {LONGEST_NAME} characters")
    word = given.get("type", "text") if isinstance(given, Mapping) else "text"
    if word not in KINDS:
        raise BadPath(f"{name}: its type {word!r} is none of {', '.join(KINDS)}")
    try:
        return TraitDefinition(name, *KINDS[word], field(given))
    except BadPath as error:
        raise BadPath(f"{name}: {error}") from error


def _groups(traits: Iterable[TraitDefinition]) -> Iterator[Group]:
    """Of those that stand in a part of a message, such as its payload; most do."""
    parts: dict[str, list[tuple[str, str, TraitType, TraitDefinition]]] = {}
    for trait in traits:
        if trait.field.keys is not None and len(trait.field.keys) == 2:
            part, key = trait.field.keys
            parts.setdefault(part, []).append((key, trait.name, trait.type, trait))
    for part, rows in parts.items():
        yield Group(part, tuple(rows))
