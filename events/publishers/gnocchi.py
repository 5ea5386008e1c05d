"""Events into Gnocchi: they make resources, change their attributes, and end them."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from events.records import Event
from telemetry_site.core import clock
from telemetry_site.core.publishers.address import Address
from telemetry_site.core.publishers.gnocchi_client import Gnocchi, Refused, resource_path
from telemetry_site.core.publishers.gnocchi_definitions import (
    CREATE,
    DELETE,
    UPDATE,
    ResourceDefinition,
    filled,
    resource_id,
)
from telemetry_site.core.publishers.gnocchi_resources import definitions_of
from telemetry_site.core.publishers.gnocchi_types import Types
from telemetry_site.core.publishers.publisher import Parcel

OWNER = ("user_id", "project_id")

logger = logging.getLogger(__name__)


class GnocchiEventPublisher:
    """gnocchi://[user:password@]host[:8041][/path], with the options

    resources_definition_file, timeout, ssl, verify_ssl. Those of samples mean nothing here.

    What Gnocchi refuses is left out of the parcel and logged; a parcel is refused when nothing is
    left of it. A parcel that comes twice changes nothing.
    """

    def __init__(self, address: Address) -> None:
        self._gnocchi = Gnocchi(address)
        self._definitions = definitions_of(address)
        self._types = Types(self._gnocchi, self._definitions)
        self._operations: Mapping[str, Callable[[ResourceDefinition, str, Event], None]] = {
            CREATE: self._create,
            UPDATE: self._update,
            DELETE: self._end,
        }

    def send(self, parcel: Parcel[Event]) -> None:
        """See Publisher.send."""
        taken, refused = 0, None
        with self._types.trusted():
            for event, definition, operation, id in self._meant(parcel.records):
                self._types.have_types((definition.type, *definition.associated))
                try:
                    self._operations[operation](definition, id, event)
                except Refused as error:
                    refused = error
                    logger.warning("%s left %s as it was. %s", event.event_type, id, error)
                else:
                    taken += 1
            if refused and not taken:
                raise refused

    def close(self) -> None:
        """See Publisher.close."""
        self._gnocchi.close()

    def _meant(
        self, events: Iterable[Event]
    ) -> Iterator[tuple[Event, ResourceDefinition, str, str]]:
        """The events that mean something to a resource: how it is defined, what they do to it, and
        its id."""
        for event in events:
            if found := self._definitions.of_event(event.event_type):
                definition, operation = found
                trait = definition.event_attributes["id"]
                id = resource_id(str(_traits(event).get(trait) or ""))
                if id is not None:
                    yield event, definition, operation, id
                else:
                    logger.warning("%s names no resource in its trait %s.", event.event_type, trait)

    def _create(self, definition: ResourceDefinition, id: str, event: Event) -> None:
        """One that is there already stays as it is."""
        body = {"id": id, **self._shown(definition, event)}
        with _unless(409):
            self._gnocchi.post(resource_path(definition.type), body)

    def _update(self, definition: ResourceDefinition, id: str, event: Event) -> None:
        """What belongs to the resource changes hands with it."""
        shown = self._shown(definition, event)
        owner = {name: value for name, value in shown.items() if name in OWNER}
        self._patch(definition.type, id, shown)
        for kind, one in self._associated(definition, id):
            self._patch(kind, one["id"], owner)

    def _end(self, definition: ResourceDefinition, id: str, event: Event) -> None:
        """With what belongs to it, unless that has ended already."""
        self._end_one(definition.type, id, event.generated)
        for kind, one in self._associated(definition, id):
            if one["ended_at"] is None:
                self._end_one(kind, one["id"], event.generated)

    def _end_one(self, kind: str, id: str, moment: datetime) -> None:
        """At the event's time, which is the same however late and often it comes; now, where
        Gnocchi heard of the resource only later and says that it cannot end before."""
        try:
            self._patch(kind, id, {"ended_at": moment.isoformat()})
        except Refused:
            self._patch(kind, id, {"ended_at": clock.now().isoformat()})

    def _patch(self, kind: str, id: str, shown: Mapping[str, Any]) -> None:
        """Nothing is to be done about a resource that is not there."""
        if shown:
            with _unless(404):
                self._gnocchi.patch(resource_path(kind, id), shown)

    def _associated(
        self, definition: ResourceDefinition, id: str
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The type of each and what Gnocchi has of it."""
        for kind, query in definition.associated.items():
            try:
                found = self._gnocchi.search(kind, filled(query, id))
            except Refused as error:
                logger.warning("What belongs to resource %s stays as it is. %s", id, error)
                continue
            yield from ((kind, one) for one in found)

    def _shown(self, definition: ResourceDefinition, event: Event) -> dict[str, Any]:
        """The attributes that the traits give the resource."""
        traits = _traits(event)
        named = {
            name: traits.get(trait)
            for name, trait in definition.event_attributes.items()
            if name != "id"
        }
        return self._types.fitted(definition.type, named)


def _traits(event: Event) -> dict[str, Any]:
    return {trait.name: trait.value for trait in event.traits}


@contextmanager
def _unless(code: int) -> Iterator[None]:
    """Pass over a refusal of that status."""
    try:
        yield
    except Refused as error:
        if error.code != code:
            raise
