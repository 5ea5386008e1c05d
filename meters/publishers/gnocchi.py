"""Samples into Gnocchi: measures in few requests, resources made when it lacks them."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from meters.publishers.gnocchi_attributes import Attributes
from meters.publishers.gnocchi_measures import Gathered, Resource, gathered, portions
from meters.samples import Sample
from telemetry_site.core.publishers.address import Address, truth
from telemetry_site.core.publishers.gnocchi_client import Gnocchi, Refused, resource_path
from telemetry_site.core.publishers.gnocchi_resources import definitions_of
from telemetry_site.core.publishers.gnocchi_types import Types
from telemetry_site.core.publishers.publisher import Parcel, PublishError

BATCH = "/batch/resources/metrics/measures?create_metrics=true"
OWN_PROJECT = "service"
MOST_METRICS = 500  # in a request: Gnocchi takes a millisecond for each, and four for a new one
MOST_SECONDS = 20.0  # after which an attempt begins no more of them

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Progress:
    """How far attempts to send a parcel have come: a slow Gnocchi needs several."""

    parcel: UUID | None
    sent: int = 0  # portions
    refused: list[Refused] = field(default_factory=list)


class GnocchiPublisher:
    """gnocchi://[user:password@]host[:8041][/path], with the options

    archive_policy, resources_definition_file, filter_project (the id of Gnocchi's own project,
    whose samples are left out), enable_filter_project, timeout, ssl, verify_ssl.

    A resource that Gnocchi refuses is left out of the parcel and logged; a parcel is refused when
    nothing is left of it. A parcel that comes twice changes nothing: one metric has one measure
    at one time.
    """

    def __init__(self, address: Address) -> None:
        self._gnocchi = Gnocchi(address)
        self._definitions = definitions_of(address)
        self._types = Types(self._gnocchi, self._definitions)
        own = address.option("filter_project", str, OWN_PROJECT)
        address.option("filter_domain", str, "")  # of its name, which only Keystone knows
        self._own = own if address.option("enable_filter_project", truth, True) and own else None
        self._unknown: set[str] = set()
        self._attributes = Attributes(self._gnocchi)
        self._progress = Progress(None)

    def send(self, parcel: Parcel[Sample]) -> None:
        """See Publisher.send."""
        found = gathered(parcel.records, self._definitions, self._own)
        self._warn(found)
        if parcel.id != self._progress.parcel:
            self._progress = Progress(parcel.id)
        with self._types.trusted():
            self._prepare(found.resources)
            self._work_off(list(portions(found.resources, MOST_METRICS)))
            refused = self._progress.refused
            self._progress = Progress(None)
            if refused and len(refused) == len(found.resources):
                raise refused[0]

    def close(self) -> None:
        """See Publisher.close."""
        self._gnocchi.close()

    def _warn(self, found: Gathered) -> None:
        if news := found.unknown - self._unknown:
            self._unknown |= news
            names = ", ".join(sorted(news))
            logger.warning("Not published to Gnocchi, as no resource defines them: %s.", names)
        if found.unfit:
            logger.warning(
                "%d samples were left out: Gnocchi takes finite numbers, times from 1970 to 2262 "
                "and resource ids of 1 to 289 letters.", found.unfit,
            )  # fmt: skip

    def _prepare(self, resources: Sequence[Resource]) -> None:
        if resources:
            self._types.have_policies()
        self._types.have_types({one.type for one in resources})
        for one in resources:
            one.shown = self._types.fitted(one.type, one.attributes())

    def _work_off(self, some: Sequence[Sequence[Resource]]) -> None:
        """Send each portion that earlier attempts have not sent, and at least one."""
        until = time.monotonic() + MOST_SECONDS
        for portion in some[self._progress.sent :]:
            self._progress.refused += self._send(portion)
            self._progress.sent += 1
            if self._progress.sent < len(some) and time.monotonic() > until:
                why = f"{self._progress.sent} of {len(some)} portions are there; it goes on."
                raise PublishError(why)

    def _send(self, resources: Sequence[Resource]) -> list[Refused]:
        """Send measures, then attributes; what is said of the resources that are refused."""
        unknown = self._post(resources)
        refused = self._make([one for one in resources if one.id in unknown])
        left = [one for one in resources if one.id not in refused]
        if unknown and left and (missing := self._post(left)):
            raise PublishError(f"Gnocchi has lost resources again: {sorted(missing)[0]}.")
        self._attributes.show(left)
        return list(refused.values())

    def _post(self, resources: Sequence[Resource]) -> set[str]:
        """Ids of resources that there are none of, for which Gnocchi has taken nothing at all."""
        try:
            self._gnocchi.post(BATCH, {one.id: one.metrics for one in resources})
        except Refused as error:
            if not error.unknown_resources:
                raise
            return set(error.unknown_resources)
        return set()

    def _make(self, resources: Sequence[Resource]) -> dict[str, Refused]:
        """Make resources with their metrics; what Gnocchi says of those that it refuses, by id."""
        refused = {}
        for one in resources:
            try:
                self._gnocchi.post(resource_path(one.type), one.made())
            except Refused as error:
                if error.code == 404:  # the type is gone
                    raise
                if error.code != 409:  # another one has made it
                    logger.warning("Resource %s is left out. %s", one.id, error)
                    refused[one.id] = error
            else:
                self._attributes.know(one)
        return refused
