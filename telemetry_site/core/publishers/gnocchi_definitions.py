"""What a file of resource definitions says: which resources of Gnocchi things become."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, Final, NamedTuple

from telemetry_site.core.definitions.fields import Field

CREATE, UPDATE, DELETE = "event_create", "event_update", "event_delete"
OPERATIONS: Final = (CREATE, DELETE, UPDATE)  # the first whose patterns fit
LONGEST_ID = 289  # letters
# Every resource has these, whatever its type.
BASE: Final = frozenset(("id", "type", "user_id", "project_id", "started_at", "ended_at"))


class ResourceDefinition(NamedTuple):
    """One entry: `metrics` has the archive policy of each, `associated` a query for each type.

    `event_attributes` are the names of traits by those of attributes; `id` is one of them where
    there are `events`, which are patterns by operation.
    """

    type: str
    metrics: Mapping[str, str]
    attributes: Mapping[str, Field]
    ignored: bool
    events: Mapping[str, Sequence[str]]
    event_attributes: Mapping[str, str]
    associated: Mapping[str, Any]

    def operation(self, event_type: str) -> str | None:
        """What an event of the type does to the resource; None if nothing."""
        for one in OPERATIONS:
            if any(fnmatchcase(event_type, pattern) for pattern in self.events.get(one, ())):
                return one
        return None


class Definitions:
    """All entries of a file. Of two that have a metric the last counts, as in the original."""

    def __init__(self, policies: Sequence[Any], entries: Sequence[ResourceDefinition]) -> None:
        self.policies = policies
        self._entries = entries
        self._by_metric = {name: entry for entry in entries for name in entry.metrics}

    @property
    def named_policies(self) -> set[str]:
        """The archive policies of all metrics."""
        return {name for entry in self._entries for name in entry.metrics.values()}

    def of_metric(self, name: str) -> ResourceDefinition | None:
        """The entry that has the metric."""
        return self._by_metric.get(name)

    def of_event(self, event_type: str) -> tuple[ResourceDefinition, str] | None:
        """The first entry that the event does something to, and what."""
        found = ((entry, entry.operation(event_type)) for entry in self._entries)
        return next(((entry, what) for entry, what in found if what), None)

    def attributes(self, kind: str) -> list[str]:
        """The attributes that resources of a type may be given, besides those that all have."""
        entries = [entry for entry in self._entries if entry.type == kind]
        names = [name for one in entries for name in (*one.attributes, *one.event_attributes)]
        return [name for name in dict.fromkeys(names) if name not in BASE]


def filled(query: Any, id: str) -> Any:
    """A query of associated resources, with the id wherever its texts have %s.

    >>> filled({"=": {"instance_id": "%s"}}, "vm-1")
    {'=': {'instance_id': 'vm-1'}}
    """
    if isinstance(query, dict):
        return {key: filled(one, id) for key, one in query.items()}
    if isinstance(query, list):
        return [filled(one, id) for one in query]
    return query.replace("%s", id) if isinstance(query, str) else query


def resource_id(text: str) -> str | None:
    """The id that Gnocchi knows a resource by: it takes no slash, as the original knew too.

    None where there can be none. Gnocchi itself makes a UUID of what is none.

    >>> resource_id("vm-1/disk"), resource_id("")
    ('vm-1_disk', None)
    """
    return text.replace("/", "_") if 0 < len(text) <= LONGEST_ID else None
