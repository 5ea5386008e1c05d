"""Samples into Gnocchi: measures in one request a parcel, resources made when it lacks them."""

import logging
import time
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import msgspec

from meters.publishers.gnocchi_measures import Gathered, Resource, gathered
from meters.samples import Sample
from telemetry_site.core.publishers.address import Address, truth
from telemetry_site.core.publishers.gnocchi_client import Gnocchi, Refused, resource_path
from telemetry_site.core.publishers.gnocchi_resources import definitions_of
from telemetry_site.core.publishers.gnocchi_types import Types
from telemetry_site.core.publishers.publisher import Parcel, PublishError

BATCH = "/batch/resources/metrics/measures?create_metrics=true"
OWN_PROJECT = "service"
MOST_SHOWN = 100_000  # resources whose attributes are remembered
MOST_SECONDS = 30.0  # that one attempt makes resources; what is made stays made

logger = logging.getLogger(__name__)


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
        self._shown: dict[tuple[str, str], int] = {}

    def send(self, parcel: Parcel[Sample]) -> None:
        """See Publisher.send."""
        found = gathered(parcel.records, self._definitions, self._own)
        self._warn(found)
        if found.resources:
            with self._types.trusted():
                self._prepare(found.resources)
                self._show(self._sent(found.resources))

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
        self._types.have_policies()
        self._types.have_types({one.type for one in resources})
        for one in resources:
            one.shown = self._types.fitted(one.type, one.attributes())

    def _sent(self, resources: Sequence[Resource]) -> Sequence[Resource]:
        """Send the measures; the resources whose measures Gnocchi has taken."""
        try:
            self._post(resources)
            return resources
        except Refused as error:
            unknown = set(error.unknown_resources)
            if not unknown:
                raise
        refused = self._make([one for one in resources if one.id in unknown])
        left = [one for one in resources if one.id not in refused]
        if not left:
            raise next(iter(refused.values()))
        try:
            self._post(left)
        except Refused as error:
            if error.unknown_resources:
                raise PublishError(f"Resources were taken away meanwhile. {error}") from error
            raise
        return left

    def _post(self, resources: Sequence[Resource]) -> None:
        self._gnocchi.post(BATCH, {one.id: one.metrics for one in resources})

    def _make(self, resources: Sequence[Resource]) -> dict[str, Refused]:
        """Make resources with their metrics; what Gnocchi says of those that it refuses, by id."""
        refused = {}
        until = time.monotonic() + MOST_SECONDS
        for made, one in enumerate(resources):
            if time.monotonic() > until:
                raise PublishError(f"{made} of {len(resources)} new resources were made so far.")
            try:
                self._gnocchi.post(resource_path(one.type), _body(one))
            except Refused as error:
                if error.code == 404:  # the type is gone
                    raise
                if error.code != 409:  # another one has made it
                    logger.warning("Resource %s is left out. %s", one.id, error)
                    refused[one.id] = error
            else:
                self._remember(one)
        return refused

    def _show(self, resources: Sequence[Resource]) -> None:
        """Update attributes that are not known to be in Gnocchi as they are here."""
        news = [one for one in resources if one.shown and self._shown.get(_key(one)) != _mark(one)]
        for kind, group in groupby(sorted(news, key=_key), lambda one: one.type):
            some = list(group)
            there = self._gnocchi.resources(kind, [one.id for one in some])
            for one in some:
                if one.id in there:  # it may be of another type
                    self._update(one, there[one.id])
                self._remember(one)

    def _update(self, one: Resource, there: Mapping[str, Any]) -> None:
        changed = {name: value for name, value in one.shown.items() if there.get(name) != value}
        if not changed:
            return
        try:
            self._gnocchi.patch(resource_path(one.type, there["id"]), changed)
        except Refused as error:
            logger.warning("Resource %s keeps its old attributes. %s", one.id, error)

    def _remember(self, one: Resource) -> None:
        if len(self._shown) >= MOST_SHOWN:
            self._shown.clear()
        self._shown[_key(one)] = _mark(one)


def _key(one: Resource) -> tuple[str, str]:
    return one.type, one.id


def _mark(one: Resource) -> int:
    return hash(msgspec.json.encode(one.shown, order="sorted"))


def _body(one: Resource) -> dict[str, Any]:
    metrics = {
        name: {key: value for key, value in metric.items() if key != "measures"}
        for name, metric in one.metrics.items()
    }
    owner = {"user_id": one.user, "project_id": one.project}
    return {"id": one.id, **owner, **one.shown, "metrics": metrics}
