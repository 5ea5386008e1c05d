"""The attributes of resources, told to Gnocchi when they are not known to be there."""

import logging
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import msgspec

from meters.publishers.gnocchi_measures import Resource
from telemetry_site.core.publishers.gnocchi_client import Gnocchi, Refused, resource_path

MOST_KNOWN = 100_000  # resources whose attributes are remembered, by a hash of them

logger = logging.getLogger(__name__)


class Attributes:
    """Remembers which attributes Gnocchi has."""

    def __init__(self, gnocchi: Gnocchi) -> None:
        self._gnocchi = gnocchi
        self._known: dict[tuple[str, str], int] = {}

    def know(self, one: Resource) -> None:
        """Gnocchi has the attributes of the resource as they are."""
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[_key(one)] = _mark(one)

    def show(self, resources: Sequence[Resource]) -> None:
        """Update what is not known to be there: asked for by set, changed one by one.

        What Gnocchi refuses is logged. Raises PublishError.
        """
        news = [one for one in resources if one.shown and self._known.get(_key(one)) != _mark(one)]
        for kind, group in groupby(sorted(news, key=_key), lambda one: one.type):
            some = list(group)
            there = self._gnocchi.resources(kind, [one.id for one in some])
            for one in some:
                if one.id in there:  # it may be of another type
                    self._update(one, there[one.id])
                self.know(one)

    def _update(self, one: Resource, there: Mapping[str, Any]) -> None:
        changed = {name: value for name, value in one.shown.items() if there.get(name) != value}
        if not changed:
            return
        try:
            self._gnocchi.patch(resource_path(one.type, there["id"]), changed)
        except Refused as error:
            logger.warning("Resource %s keeps its old attributes. %s", one.id, error)


def _key(one: Resource) -> tuple[str, str]:
    return one.type, one.id


def _mark(one: Resource) -> int:
    return hash(msgspec.json.encode(one.shown, order="sorted"))
